// What happens to the tensors that operators save for their backward, by functions of JavaScript.
#pragma once
#include <torch/csrc/autograd/saved_variable_hooks.h>

#include <memory>

namespace tandem {

// For the tensor that is about to be saved on this thread; null where it is saved as it is.
std::unique_ptr<torch::autograd::SavedVariableHooks> savedHooks();

}  // namespace tandem
