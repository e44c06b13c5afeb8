{
  # ../addon-build.js gives both: the wheel's torch folder by a path without spaces, and its libraries' own
  # place, quoted.
  "variables": { "torch_dir%": "", "torch_libraries%": "" },
  "targets": [
    {
      "target_name": "torch",
      "sources": ["addon.cc", "extensions.cc"],
      # For nlohmann/json.hpp and gloo/*.h.
      "include_dirs": ["."],
      "defines": ["NAPI_EXPERIMENTAL", "NODE_API_EXPERIMENTAL_NO_WARNING"],
      "cflags_cc!": ["-std=gnu++17", "-fno-exceptions", "-fno-rtti"],
      "cflags_cc": [
        "-std=c++20", "-O2", "-fexceptions", "-frtti", "-Wall", "-Wextra", "-Wunused-parameter",
        # As the system's, so that warnings are of the addon's own sources.
        "-isystem<(torch_dir)/include", "-isystem<(torch_dir)/include/torch/csrc/api/include"
      ],
      "libraries": [
        "-L<(torch_dir)/lib",
        "-ltorch_cpu",
        "-lc10",
        "-Xlinker -rpath -Xlinker <(torch_libraries)",
        # What other threads hold of the addon's outlives the worker that loaded it.
        "-Wl,-z,nodelete"
      ]
    }
  ]
}
