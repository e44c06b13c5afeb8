{
  # ../addon-build.js gives both: the wheel's torch folder by a path without spaces, and its libraries' own
  # place, quoted.
  "variables": { "torch_dir%": "", "torch_libraries%": "" },
  "target_defaults": {
    # For nlohmann/json.hpp and gloo/*.h.
    "include_dirs": ["."],
    "defines": ["NAPI_EXPERIMENTAL", "NODE_API_EXPERIMENTAL_NO_WARNING"],
    "cflags_cc!": ["-std=gnu++17", "-fno-exceptions", "-fno-rtti"],
    "cflags_cc": [
      "-std=c++20", "-fexceptions", "-frtti", "-Wall", "-Wextra", "-Wunused-parameter",
      # As the system's, so that warnings are of the addon's own sources.
      "-isystem<(torch_dir)/include", "-isystem<(torch_dir)/include/torch/csrc/api/include"
    ]
  },
  "targets": [
    {
      "target_name": "torch",
      "sources": ["addon.cc"],
      "dependencies": ["extensions"],
      "cflags_cc": ["-O2"],
      "libraries": [
        "-L<(torch_dir)/lib",
        "-ltorch_cpu",
        "-lc10",
        "-Xlinker -rpath -Xlinker <(torch_libraries)",
        # What other threads hold of the addon's outlives the worker that loaded it.
        "-Wl,-z,nodelete"
      ]
    },
    {
      "target_name": "extensions",
      "type": "static_library",
      "sources": ["extensions.cc"],
      # None of it runs at each operator, and this is compiled in five sixths of the time.
      "cflags_cc": ["-O1"]
    }
  ]
}
