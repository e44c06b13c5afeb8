// Hooks: JavaScript functions that see gradients, and may change them.
#include <torch/csrc/autograd/function_hook.h>
#include <torch/csrc/autograd/variable.h>

#include <memory>
#include <unordered_set>

#include "callback.h"
#include "exports.h"
#include "handle.h"
#include "hooks.h"
#include "node.h"

namespace tandem {
namespace {

namespace autograd = torch::autograd;
using CallbackPtr = std::shared_ptr<Callback>;
using Callbacks = std::vector<CallbackPtr>;

// --- Who holds a hook ---------------------------------------------------------------------------------

thread_local EngineRun* engineRun = nullptr;

bool ownerLives(napi_env env, const TensorHook& hook) {
  const HandleScope scope(env);
  const napi_value owner = referenced(env, hook.owner);
  auto* handle = owner ? asTensor(env, owner) : nullptr;
  return handle && handle->tensor.defined();
}

// Drops what is known of hooks that are gone.
void forgetDead(Environment& environment) {
  std::erase_if(environment.tensorHooks, [&](const TensorHook& hook) {
    const CallbackPtr callback = hook.callback.lock();
    if (callback && !callback->isRemoved()) return false;
    napi_delete_reference(environment.env, hook.owner);
    return true;
  });
}

// loosenHooks(): a hook whose tensor only the JavaScript tensor holds is held by that one alone while
// garbage is collected. So a hook that refers to its own tensor can be collected together with it.
napi_value loosenHooks(const Call& call) {
  forgetDead(call.environment);
  for (const TensorHook& hook : call.environment.tensorHooks) {
    const CallbackPtr callback = hook.callback.lock();
    const auto impl = hook.impl.lock();
    if (!callback || !impl || !ownerLives(call.env, hook)) continue;
    // Two: the JavaScript tensor's handle and the pointer here.
    if (impl.use_count() > 2) continue;
    if (!hook.leaf) {
      const auto node = hook.node.lock();
      if (node && node.use_count() > 2) continue;
    }
    callback->loosen();
  }
  return nullptr;
}

// tightenHooks(): undoes loosenHooks() for the hooks that are left.
napi_value tightenHooks(const Call& call) {
  for (const TensorHook& hook : call.environment.tensorHooks) {
    if (const CallbackPtr callback = hook.callback.lock()) callback->tighten();
  }
  call.environment.references.reap(call.env);
  forgetDead(call.environment);
  return nullptr;
}

// --- The hooks as libtorch sees them ------------------------------------------------------------------

void dropRemoved(Callbacks& callbacks) {
  std::erase_if(callbacks, [](const CallbackPtr& callback) { return callback->isRemoved(); });
}

// All hooks of one tensor, in the order of their registration.
struct TensorHooks : autograd::FunctionPreHook {
  TensorHooks(size_t index, bool interior) : index(index), interior(interior) {}

  autograd::variable_list operator()(const autograd::variable_list& gradients) override {
    autograd::variable_list result = gradients;
    dropRemoved(callbacks);
    const Callbacks now = callbacks;
    for (const CallbackPtr& callback : now) {
      if (!result[index].defined()) return result;
      if (interior && engineRun) engineRun->called.push_back(callback);
      if (auto changed = callback->single(result[index])) {
        autograd::check_variable_result(result[index], *changed, "hook");
        result[index] = std::move(*changed);
      }
    }
    return result;
  }

  const size_t index;
  const bool interior;
  Callbacks callbacks;
};

struct PostAccumulateHooks : autograd::PostAccumulateGradHook {
  void operator()(const at::Tensor& tensor) override {
    dropRemoved(callbacks);
    const Callbacks now = callbacks;
    for (const CallbackPtr& callback : now) callback->single(tensor);
  }
  Callbacks callbacks;
};

struct NodePreHook : autograd::FunctionPreHook {
  explicit NodePreHook(CallbackPtr callback) : callback(std::move(callback)) {}
  autograd::variable_list operator()(const autograd::variable_list& gradients) override {
    auto changed = (*callback)({&gradients});
    return changed ? std::move(*changed) : gradients;
  }
  const CallbackPtr callback;
};

struct NodePostHook : autograd::FunctionPostHook {
  explicit NodePostHook(CallbackPtr callback) : callback(std::move(callback)) {}
  autograd::variable_list operator()(const autograd::variable_list& outputs,
                                     const autograd::variable_list& inputs) override {
    auto changed = (*callback)({&outputs, &inputs});
    return changed ? std::move(*changed) : outputs;
  }
  const CallbackPtr callback;
};

// --- What JavaScript calls ----------------------------------------------------------------------------

// A handle by which a hook is removed.
struct RemoverHandle : Handle {
  explicit RemoverHandle(const CallbackPtr& callback) : Handle(Kind::remover, 0), callback(callback) {}
  const std::weak_ptr<Callback> callback;
};

napi_value makeRemover(napi_env env, const CallbackPtr& callback) {
  return makeExternal(env, std::make_unique<RemoverHandle>(callback));
}

void needsGradient(const at::Tensor& tensor) {
  if (!tensor.requires_grad()) {
    throw JsError("RuntimeError",
                  "cannot register a hook on a tensor that doesn't require gradient");
  }
}

TensorHooks& hooksOf(const at::Tensor& tensor) {
  const auto node = tensor.grad_fn();
  const size_t index = tensor.output_nr();
  auto& hooks = node ? node->tensor_pre_hooks() : autograd::impl::hooks(tensor);
  for (const auto& hook : hooks) {
    auto* known = dynamic_cast<TensorHooks*>(hook.get());
    if (known && known->index == (node ? index : 0)) return *known;
  }
  auto made = std::make_unique<TensorHooks>(node ? index : 0, static_cast<bool>(node));
  TensorHooks& result = *made;
  if (node) node->add_tensor_pre_hook(std::move(made));
  else autograd::impl::add_hook(tensor, std::move(made));
  return result;
}

// Notes a hook that call[0] was given, for loosenHooks().
void noteHook(const Call& call, const at::Tensor& tensor, const CallbackPtr& callback) {
  auto& hooks = call.environment.tensorHooks;
  if (hooks.size() % 256 == 255) forgetDead(call.environment);
  hooks.push_back({callback, c10::weak_intrusive_ptr<c10::TensorImpl>(tensor.getIntrusivePtr()),
                   WeakNodePtr(tensor.grad_fn()), tensor.is_leaf(), makeReference(call.env, call[0], 0)});
}

// registerHook(tensor, function) → remover
napi_value registerHook(const Call& call) {
  const at::Tensor& tensor = getTensor(call.env, call[0]);
  needsGradient(tensor);
  auto callback = std::make_shared<Callback>(call.env, call[1]);
  hooksOf(tensor).callbacks.push_back(callback);
  noteHook(call, tensor, callback);
  return makeRemover(call.env, callback);
}

// registerPostAccumulateGradHook(tensor, function) → remover
napi_value registerPostAccumulateGradHook(const Call& call) {
  const at::Tensor& tensor = getTensor(call.env, call[0]);
  needsGradient(tensor);
  if (!tensor.is_leaf()) {
    throw JsError("RuntimeError",
                  "post accumulate grad hooks cannot be registered on non-leaf tensors");
  }
  auto& slot = autograd::impl::post_acc_grad_hooks(tensor);
  if (!slot) autograd::impl::set_post_acc_grad_hooks(tensor, std::make_unique<PostAccumulateHooks>());
  auto callback = std::make_shared<Callback>(call.env, call[1]);
  static_cast<PostAccumulateHooks&>(*autograd::impl::post_acc_grad_hooks(tensor))
      .callbacks.push_back(callback);
  noteHook(call, tensor, callback);
  return makeRemover(call.env, callback);
}

// registerNodeHook(node, function) → remover
napi_value registerNodeHook(const Call& call) {
  auto callback = std::make_shared<Callback>(call.env, call[1]);
  getNode(call.env, call[0])->add_post_hook(std::make_unique<NodePostHook>(callback));
  return makeRemover(call.env, callback);
}
// registerNodePrehook(node, function) → remover
napi_value registerNodePrehook(const Call& call) {
  auto callback = std::make_shared<Callback>(call.env, call[1]);
  getNode(call.env, call[0])->add_pre_hook(std::make_unique<NodePreHook>(callback));
  return makeRemover(call.env, callback);
}

// removeHook(remover)
napi_value removeHook(const Call& call) {
  auto* remover = static_cast<RemoverHandle*>(asHandle(call.env, call[0], Kind::remover));
  if (!remover) throw JsError("TypeError", "expected the remover of a hook");
  if (const auto callback = remover->callback.lock()) callback->remove();
  call.environment.references.reap(call.env);
  return nullptr;
}

}  // namespace

EngineRun::EngineRun(Environment& environment, bool freesGraph)
    : freesGraph(freesGraph), outer(engineRun) {
  environment.references.reap(environment.env);
  engineRun = this;
}

EngineRun::~EngineRun() {
  engineRun = outer;
  // The graph is spent: from here on a hook lives as long as the tensor that it was registered on, so
  // that what it refers to can be freed.
  if (freesGraph) {
    for (const auto& callback : called) callback->spend();
  }
}

void addHooks(napi_env env, napi_value exports) {
  add(env, exports, "registerHook", registerHook);
  add(env, exports, "registerPostAccumulateGradHook", registerPostAccumulateGradHook);
  add(env, exports, "registerNodeHook", registerNodeHook);
  add(env, exports, "registerNodePrehook", registerNodePrehook);
  add(env, exports, "removeHook", removeHook);
  add(env, exports, "loosenHooks", loosenHooks);
  add(env, exports, "tightenHooks", tightenHooks);
}

}  // namespace tandem
