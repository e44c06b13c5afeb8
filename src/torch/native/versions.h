// What differs between the versions of PyTorch that the addon compiles against, 2.11 to 2.15, and stands
// nowhere else: how autograd's nodes are held, the call that gives a custom function's outputs their history, and the
// reducer's last argument.
#pragma once
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/function.h>
#include <torch/version.h>

#include <memory>

namespace c10d {
class Reducer;
}

namespace tandem {

using torch::autograd::Node;

#if TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR < 13
using NodePtr = std::shared_ptr<Node>;
using WeakNodePtr = std::weak_ptr<Node>;

// A node is destroyed with its last pointer that is not weak, so that nothing need be released before.
struct OwnNode : Node {
  virtual void release_resources() {}
};

template <typename Made, typename... Arguments>
NodePtr makeNodePtr(Arguments&&... arguments) {
  // Long chains are freed without recursion.
  return {new Made(std::forward<Arguments>(arguments)...), torch::autograd::deleteNode};
}
#else
using NodePtr = c10::intrusive_ptr<Node>;
using WeakNodePtr = c10::weak_intrusive_ptr<Node>;
using OwnNode = Node;

template <typename Made, typename... Arguments>
NodePtr makeNodePtr(Arguments&&... arguments) {
  return c10::make_intrusive<Made>(std::forward<Arguments>(arguments)...);
}
#endif

template <typename... Arguments>
torch::autograd::optional_variable_list wrapOutputsOf(Arguments&&... arguments) {
#if TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR < 14
  return torch::autograd::_wrap_outputs(std::forward<Arguments>(arguments)...);
#else
  // The node that it has attached, for hooks on the creation of nodes, of which we have none.
  NodePtr attached;
  return torch::autograd::_wrap_outputs(std::forward<Arguments>(arguments)..., attached);
#endif
}

// `batchedCopy`: whether gradients are copied into their buckets at once.
template <typename... Arguments>
std::shared_ptr<c10d::Reducer> makeReducer([[maybe_unused]] bool batchedCopy, Arguments&&... arguments) {
#if TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR < 12
  return std::make_shared<c10d::Reducer>(std::forward<Arguments>(arguments)...);
#else
  return std::make_shared<c10d::Reducer>(std::forward<Arguments>(arguments)..., batchedCopy);
#endif
}

}  // namespace tandem
