// Of Gloo, which is inside of libtorch without its headers: what PyTorch's own header of Gloo's process group names.
#pragma once
#include <chrono>

namespace gloo {

class Context {
 public:
  void setTimeout(std::chrono::milliseconds timeout);
};

}  // namespace gloo
