{
  "targets": [
    {
      "target_name": "start_up",
      "sources": ["start-up.c"],
      "cflags_c": ["-Wall", "-Wextra", "-Wunused-parameter"]
    }
  ]
}
