#include "callback.h"

#include "environment.h"
#include "handle.h"
#include "values.h"

namespace tandem {

napi_ref References::add(napi_env env, napi_value function, Callback* owner) {
  reap(env);
  const napi_ref reference = makeReference(env, function, 1);
  const std::lock_guard lock(mutex);
  owners.insert(owner);
  return reference;
}

void References::bury(napi_ref reference, Callback* owner) {
  const std::lock_guard lock(mutex);
  // Not where close() has deleted it already.
  if (owners.erase(owner) > 0) dead.push_back(reference);
}

void References::reap(napi_env env) {
  const std::lock_guard lock(mutex);
  for (const napi_ref reference : dead) napi_delete_reference(env, reference);
  dead.clear();
}

void References::close(napi_env env) {
  reap(env);
  const std::lock_guard lock(mutex);
  for (Callback* owner : owners) napi_delete_reference(env, std::exchange(owner->reference_, nullptr));
  owners.clear();
}

Callback::Callback(napi_env env, napi_value function)
    : environment_(Environment::of(env).shared_from_this()),
      reference_(environment_->references.add(env, function, this)) {}

Callback::~Callback() { remove(); }

void Callback::remove() {
  if (reference_) environment_->references.bury(std::exchange(reference_, nullptr), this);
}

void Callback::loosen() {
  if (!reference_ || loose_) return;
  napi_reference_unref(environment_->env, reference_, nullptr);
  loose_ = true;
}

void Callback::spend() {
  loosen();
  spent_ = true;
}

void Callback::tighten() {
  if (!reference_ || !loose_ || spent_) return;
  const napi_env env = environment_->env;
  if (referenced(env, reference_)) napi_reference_ref(env, reference_, nullptr);
  loose_ = false;
}

template <typename Arguments, typename Result>
void Callback::invoke(Arguments arguments, Result result) {
  if (!reference_) return;
  if (std::this_thread::get_id() != environment_->thread) {
    throw JsError("RuntimeError",
                  "autograd wanted to call a JavaScript function on a thread of its own, which it "
                  "does when backward is called from inside backward too deeply");
  }
  const napi_env env = environment_->env;
  const HandleScope scope(env);
  try {
    const napi_value function = referenced(env, reference_);
    if (!function) return;
    const std::vector<napi_value> values = arguments(env);
    const napi_value returned = callFunction(env, function, values.size(), values.data());
    if (!isNullish(env, returned)) result(env, returned);
  } catch (const JsException&) {
    // JavaScript's side keeps what was thrown, and throws it on once the engine has ended.
    throw JsError("RuntimeError", "a JavaScript function of the graph has thrown");
  }
}

std::optional<TensorList> Callback::operator()(const std::vector<const TensorList*>& lists) {
  std::optional<TensorList> result;
  invoke(
      [&](napi_env env) {
        std::vector<napi_value> values;
        for (const TensorList* list : lists) values.push_back(fromTensors(env, *list));
        return values;
      },
      [&](napi_env env, napi_value returned) { result = toTensors(env, returned); });
  return result;
}

std::optional<at::Tensor> Callback::single(const at::Tensor& argument) {
  std::optional<at::Tensor> result;
  invoke([&](napi_env env) { return std::vector<napi_value>{makeTensor(env, argument)}; },
         [&](napi_env env, napi_value returned) { result = getTensor(env, returned); });
  return result;
}

}  // namespace tandem
