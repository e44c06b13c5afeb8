{
  "targets": [
    {
      "target_name": "held_stderr",
      "sources": ["held-stderr.c"],
      "cflags_c": ["-Wall", "-Wextra", "-Wunused-parameter"]
    }
  ]
}
