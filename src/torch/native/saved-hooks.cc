#include "saved-hooks.h"

#include <ATen/ops/scalar_tensor.h>

#include <mutex>

#include "callback.h"
#include "exports.h"
#include "handle.h"
#include "values.h"

namespace tandem {
namespace {

// JavaScript keeps what `pack` makes of a tensor under a number, which it gives as a tensor. Numbers that nothing in the
// graph refers to any more are collected here, since a graph may die where no JavaScript may run.
struct Functions {
  Functions(napi_env env, napi_value pack, napi_value unpack) : pack(env, pack), unpack(env, unpack) {}
  Callback pack, unpack;
  std::mutex mutex;
  std::vector<int64_t> dead;
};

struct Hooks : torch::autograd::SavedVariableHooks {
  explicit Hooks(std::shared_ptr<Functions> functions) : functions(std::move(functions)) {}
  ~Hooks() override {
    if (!number.defined()) return;
    const std::lock_guard lock(functions->mutex);
    functions->dead.push_back(number.item<int64_t>());
  }
  void call_pack_hook(const at::Tensor& tensor) override {
    auto made = functions->pack.single(tensor);
    if (!made) throw JsError("RuntimeError", "the hook that packs a saved tensor is gone");
    number = *made;
  }
  at::Tensor call_unpack_hook() override {
    auto made = functions->unpack.single(number);
    if (!made) throw JsError("RuntimeError", "the hook that unpacks a saved tensor is gone");
    return *made;
  }
  const std::shared_ptr<Functions> functions;
  at::Tensor number;
};

std::vector<std::shared_ptr<Functions>>& savedHookStack() {
  static thread_local std::vector<std::shared_ptr<Functions>> stack;
  return stack;
}

struct HooksHandle : Handle {
  explicit HooksHandle(std::shared_ptr<Functions> functions)
      : Handle(Kind::savedHooks, 64), functions(std::move(functions)) {}
  const std::shared_ptr<Functions> functions;
};

const std::shared_ptr<Functions>& getFunctions(const Call& call, size_t i) {
  auto* handle = static_cast<HooksHandle*>(asHandle(call.env, call[i], Kind::savedHooks));
  if (!handle) throw JsError("TypeError", "expected hooks of saved tensors");
  return handle->functions;
}

// makeSavedHooks(pack, unpack) → handle
napi_value makeSavedHooks(const Call& call) {
  return makeExternal(call.env, std::make_unique<HooksHandle>(
                                    std::make_shared<Functions>(call.env, call[0], call[1])));
}
// enterSavedHooks(handle, or null for none), until leaveSavedHooks
napi_value enterSavedHooks(const Call& call) {
  savedHookStack().push_back(isNullish(call.env, call[0]) ? nullptr : getFunctions(call, 0));
  return nullptr;
}
napi_value leaveSavedHooks(const Call&) {
  if (!savedHookStack().empty()) savedHookStack().pop_back();
  return nullptr;
}
// deadSaved(handle) → the numbers that are free
napi_value deadSaved(const Call& call) {
  const auto& functions = getFunctions(call, 0);
  std::vector<int64_t> dead;
  {
    const std::lock_guard lock(functions->mutex);
    dead.swap(functions->dead);
  }
  return makeArray(call.env, dead.size(), [&](uint32_t i) { return fromInt(call.env, dead[i]); });
}

}  // namespace

std::unique_ptr<torch::autograd::SavedVariableHooks> savedHooks() {
  if (savedHookStack().empty() || !savedHookStack().back()) return nullptr;
  return std::make_unique<Hooks>(savedHookStack().back());
}

void addSavedHooks(napi_env env, napi_value exports) {
  add(env, exports, "makeSavedHooks", makeSavedHooks);
  add(env, exports, "enterSavedHooks", enterSavedHooks);
  add(env, exports, "leaveSavedHooks", leaveSavedHooks);
  add(env, exports, "deadSaved", deadSaved);
}

}  // namespace tandem
