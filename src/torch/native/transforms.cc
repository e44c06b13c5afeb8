// Function transforms on libtorch's stack of interpreters (functorch), and the levels of forward-mode differentiation.
#include <ATen/functorch/ADInterpreters.h>
#include <ATen/functorch/BatchedTensorImpl.h>
#include <ATen/functorch/DynamicLayer.h>
#include <ATen/functorch/TensorWrapper.h>
#include <ATen/ops/movedim.h>
#include <c10/core/AutogradState.h>
#include <torch/csrc/autograd/autograd.h>

#include "exports.h"
#include "handle.h"
#include "values.h"

namespace tandem {
namespace {

namespace functorch = at::functorch;

functorch::RandomnessType randomness(const std::string& name) {
  if (name == "error") return functorch::RandomnessType::Error;
  if (name == "same") return functorch::RandomnessType::Same;
  return functorch::RandomnessType::Different;
}

// enterTransform('vmap', batch size, randomness), ('grad') or ('jvp') → its level
napi_value enterTransform(const Call& call) {
  const std::string kind = toString(call.env, call[0]);
  if (kind == "vmap") {
    return fromInt(call.env, functorch::initAndPushDynamicLayer(
                                 functorch::TransformType::Vmap, c10::SymInt(toInt(call.env, call[1])),
                                 randomness(toString(call.env, call[2]))));
  }
  if (kind == "grad") {
    return fromInt(call.env, functorch::initAndPushDynamicLayer(functorch::TransformType::Grad, std::nullopt,
                                                                std::nullopt, c10::GradMode::is_enabled()));
  }
  return fromInt(call.env, functorch::initAndPushDynamicLayer(
                               functorch::TransformType::Jvp, std::nullopt, std::nullopt, std::nullopt,
                               c10::AutogradState::get_tls_state().get_fw_grad_mode()));
}
napi_value leaveTransform(const Call&) {
  functorch::popDynamicLayerAndDeleteMetadata();
  return nullptr;
}

/** The transforms that are left for a while; see popTransform. */
thread_local std::vector<functorch::DynamicLayer> outside;

// currentTransform() → its kind, level, batch size, randomness, and the mode around it; null outside of all
napi_value currentTransform(const Call& call) {
  auto layer = functorch::maybeCurrentDynamicLayer();
  if (!layer) return null(call.env);
  const auto kind = layer->key();
  const bool batched = kind == functorch::TransformType::Vmap;
  const char* const names[] = {"error", "same", "different"};
  const napi_value result = makeObject(call.env);
  const char* const name = batched ? "vmap" : kind == functorch::TransformType::Grad ? "grad" : "jvp";
  setProperty(call.env, result, "kind", fromString(call.env, name));
  setProperty(call.env, result, "level", fromInt(call.env, layer->layerId()));
  if (batched) {
    setProperty(call.env, result, "batchSize", fromInt(call.env, layer->batchSize().expect_int()));
    setProperty(call.env, result, "randomness",
                fromString(call.env, names[static_cast<int>(layer->randomness())]));
  } else {
    auto& interpreter = layer->interpreter();
    const bool mode = kind == functorch::TransformType::Grad
                          ? functorch::GradInterpreterPtr(&interpreter).prevGradMode()
                          : functorch::JvpInterpreterPtr(&interpreter).prevFwdGradMode();
    setProperty(call.env, result, "mode", fromBool(call.env, mode));
  }
  return result;
}
// popTransform(): what follows runs outside of the innermost transform, until pushTransform()
napi_value popTransform(const Call&) {
  outside.push_back(functorch::popDynamicLayer());
  return nullptr;
}
napi_value pushTransform(const Call&) {
  auto layer = std::move(outside.back());
  outside.pop_back();
  functorch::pushDynamicLayer(std::move(layer));
  return nullptr;
}

// wrapForGrad(tensor, level), unwrapForGrad(tensor, level)
napi_value wrapForGrad(const Call& call) {
  return makeTensor(call.env,
                    functorch::makeTensorWrapper(getTensor(call.env, call[0]), toInt(call.env, call[1])));
}
napi_value unwrapForGrad(const Call& call) {
  const at::Tensor& tensor = getTensor(call.env, call[0]);
  auto* wrapper = functorch::maybeGetTensorWrapper(tensor);
  const bool own = wrapper && wrapper->level() == toInt(call.env, call[1]);
  return makeTensor(call.env, own ? wrapper->value() : tensor);
}

// addBatchDim(tensor, dim, level)
napi_value addBatchDim(const Call& call) {
  return makeTensor(call.env, functorch::addBatchDim(getTensor(call.env, call[0]), toInt(call.env, call[1]),
                                                     toInt(call.env, call[2])));
}
// removeBatchDim(tensor, level, batchSize, dim): one that has no batch at this level is the same for all.
napi_value removeBatchDim(const Call& call) {
  const at::Tensor& tensor = getTensor(call.env, call[0]);
  const int64_t dim = toInt(call.env, call[3]);
  const auto* batched = functorch::maybeGetBatchedImpl(tensor);
  if (batched && batched->level() == toInt(call.env, call[1])) {
    return makeTensor(call.env, at::movedim(batched->value(), batched->bdim(), dim));
  }
  auto sizes = tensor.sizes().vec();
  const auto place = dim < 0 ? dim + tensor.dim() + 1 : dim;
  sizes.insert(sizes.begin() + place, toInt(call.env, call[2]));
  return makeTensor(call.env, tensor.unsqueeze(place).expand(sizes));
}

// wrapperOf(tensor) → ['batched', level, dim, value], ['grad', level, -1, value], null for a plain tensor
napi_value wrapperOf(const Call& call) {
  const at::Tensor& tensor = getTensor(call.env, call[0]);
  const auto* batched = functorch::maybeGetBatchedImpl(tensor);
  auto* wrapper = functorch::maybeGetTensorWrapper(tensor);
  if (!batched && !wrapper) return null(call.env);
  const auto level = batched ? batched->level() : wrapper->level().value_or(-1);
  const auto value = batched ? batched->value() : wrapper->value();
  return makeArray(call.env, 4, [&](uint32_t i) {
    if (i == 0) return fromString(call.env, batched ? "batched" : "grad");
    if (i == 3) return makeTensor(call.env, value);
    return fromInt(call.env, i == 1 ? level : batched ? batched->bdim() : -1);
  });
}

// enterDualLevel() → level, exitDualLevel(level)
napi_value enterDualLevel(const Call& call) {
  return fromInt(call.env, static_cast<int64_t>(torch::autograd::forward_ad::enter_dual_level()));
}
napi_value exitDualLevel(const Call& call) {
  torch::autograd::forward_ad::exit_dual_level(static_cast<uint64_t>(toInt(call.env, call[0])));
  return nullptr;
}
// setForwardGradEnabled(on) → what it was
napi_value setForwardGradEnabled(const Call& call) {
  auto& state = c10::AutogradState::get_tls_state();
  const bool before = state.get_fw_grad_mode();
  state.set_fw_grad_mode(toBool(call.env, call[0]));
  return fromBool(call.env, before);
}

}  // namespace

void addTransforms(napi_env env, napi_value exports) {
  add(env, exports, "enterTransform", enterTransform);
  add(env, exports, "leaveTransform", leaveTransform);
  add(env, exports, "currentTransform", currentTransform);
  add(env, exports, "popTransform", popTransform);
  add(env, exports, "pushTransform", pushTransform);
  add(env, exports, "wrapForGrad", wrapForGrad);
  add(env, exports, "unwrapForGrad", unwrapForGrad);
  add(env, exports, "addBatchDim", addBatchDim);
  add(env, exports, "removeBatchDim", removeBatchDim);
  add(env, exports, "wrapperOf", wrapperOf);
  add(env, exports, "enterDualLevel", enterDualLevel);
  add(env, exports, "exitDualLevel", exitDualLevel);
  add(env, exports, "setForwardGradEnabled", setForwardGradEnabled);
}

}  // namespace tandem
