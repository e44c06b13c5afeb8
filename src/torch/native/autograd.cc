// Autograd: gradients, backward, and the modes that switch it.
#include <ATen/core/grad_mode.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

#include <memory>
#include <optional>

#include "exports.h"
#include "handle.h"
#include "hooks.h"

namespace tandem {
namespace {

bool flag(const Call& call, size_t i) { return toBool(call.env, call[i]); }

// backward(tensors, gradients, retainGraph, createGraph, inputs)
napi_value backward(const Call& call) {
  const EngineRun run(call.environment, !flag(call, 2));
  torch::autograd::backward(toTensors(call.env, call[0]), toTensors(call.env, call[1]), flag(call, 2),
                            flag(call, 3), toTensors(call.env, call[4]));
  return nullptr;
}

// grad(outputs, inputs, gradOutputs, retainGraph, createGraph, allowUnused) → array, null if unused
napi_value grad(const Call& call) {
  torch::autograd::variable_list results;
  {
    const EngineRun run(call.environment, !flag(call, 3));
    results = torch::autograd::grad(toTensors(call.env, call[0]), toTensors(call.env, call[1]),
                                    toTensors(call.env, call[2]), flag(call, 3), flag(call, 4),
                                    flag(call, 5));
  }
  return fromTensors(call.env, results);
}

napi_value requiresGrad(const Call& call) {
  return fromBool(call.env, getTensor(call.env, call[0]).requires_grad());
}
napi_value setRequiresGrad(const Call& call) {
  const at::Tensor& tensor = getTensor(call.env, call[0]);
  const bool value = flag(call, 1);
  if (!value && !tensor.is_leaf()) {
    throw JsError("RuntimeError",
                  "you can only change requires_grad flags of leaf variables. If you want to use a "
                  "computed variable in a subgraph that doesn't require differentiation use "
                  "var_no_grad = var.detach().");
  }
  tensor.requires_grad_(value);
  return nullptr;
}
napi_value getGrad(const Call& call) {
  return makeTensor(call.env, getTensor(call.env, call[0]).grad());
}
napi_value setGrad(const Call& call) {
  const at::Tensor& tensor = getTensor(call.env, call[0]);
  if (isNullish(call.env, call[1])) {
    tensor.mutable_grad().reset();
    return nullptr;
  }
  const at::Tensor& gradient = getTensor(call.env, call[1]);
  if (!gradient.sizes().equals(tensor.sizes())) {
    throw JsError("RuntimeError", c10::str("assigned grad has data of a different size: expected ",
                                           tensor.sizes(), ", got ", gradient.sizes()));
  }
  tensor.mutable_grad() = gradient;
  return nullptr;
}
napi_value isLeaf(const Call& call) {
  return fromBool(call.env, getTensor(call.env, call[0]).is_leaf());
}
napi_value version(const Call& call) {
  return fromInt(call.env, getTensor(call.env, call[0])._version());
}
napi_value retainGrad(const Call& call) {
  getTensor(call.env, call[0]).retain_grad();
  return nullptr;
}
napi_value retainsGrad(const Call& call) {
  return fromBool(call.env, getTensor(call.env, call[0]).retains_grad());
}
// getData(tensor): the same storage outside the graph, with a version counter of its own
napi_value getData(const Call& call) {
  return makeTensor(call.env, getTensor(call.env, call[0]).variable_data());
}
// setData(tensor, other): tensor.data = other
napi_value setData(const Call& call) {
  getTensor(call.env, call[0]).set_data(getTensor(call.env, call[1]));
  return nullptr;
}

napi_value isGradEnabled(const Call& call) {
  return fromBool(call.env, c10::GradMode::is_enabled());
}
napi_value setGradEnabled(const Call& call) {
  c10::GradMode::set_enabled(flag(call, 0));
  return nullptr;
}

// A mode that has been entered: what to go back to.
struct Mode {
  const bool gradBefore = c10::GradMode::is_enabled();
  std::optional<c10::InferenceMode> inference;
};
std::vector<std::unique_ptr<Mode>>& modes() {
  static thread_local std::vector<std::unique_ptr<Mode>> stack;
  return stack;
}
// enterMode(grad, inference): until leaveMode, which leaves the mode that was entered last.
napi_value enterMode(const Call& call) {
  auto mode = std::make_unique<Mode>();
  if (flag(call, 1) != c10::InferenceMode::is_enabled()) mode->inference.emplace(flag(call, 1));
  c10::GradMode::set_enabled(flag(call, 0));
  modes().push_back(std::move(mode));
  return nullptr;
}
napi_value leaveMode(const Call&) {
  if (modes().empty()) return nullptr;
  const bool gradBefore = modes().back()->gradBefore;
  modes().pop_back();
  c10::GradMode::set_enabled(gradBefore);
  return nullptr;
}
napi_value isInferenceMode(const Call& call) {
  return fromBool(call.env, c10::InferenceMode::is_enabled());
}
napi_value isInference(const Call& call) {
  return fromBool(call.env, getTensor(call.env, call[0]).is_inference());
}

}  // namespace

void addAutograd(napi_env env, napi_value exports) {
  add(env, exports, "backward", backward);
  add(env, exports, "grad", grad);
  add(env, exports, "requiresGrad", requiresGrad);
  add(env, exports, "setRequiresGrad", setRequiresGrad);
  add(env, exports, "getGrad", getGrad);
  add(env, exports, "setGrad", setGrad);
  add(env, exports, "isLeaf", isLeaf);
  add(env, exports, "version", version);
  add(env, exports, "retainGrad", retainGrad);
  add(env, exports, "retainsGrad", retainsGrad);
  add(env, exports, "getData", getData);
  add(env, exports, "setData", setData);
  add(env, exports, "isGradEnabled", isGradEnabled);
  add(env, exports, "setGradEnabled", setGradEnabled);
  add(env, exports, "enterMode", enterMode);
  add(env, exports, "leaveMode", leaveMode);
  add(env, exports, "isInferenceMode", isInferenceMode);
  add(env, exports, "isInference", isInference);
}

}  // namespace tandem
