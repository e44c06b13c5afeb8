#include "callback.h"

#include <mutex>

#include "handle.h"
#include "values.h"

namespace tandem {
namespace {

struct Grave {
  napi_env env;
  napi_ref reference;
};
std::mutex gravesMutex;
std::vector<Grave> graves;

napi_value fromTensors(napi_env env, const TensorList& tensors) {
  napi_value array;
  check(env, napi_create_array_with_length(env, tensors.size(), &array));
  for (uint32_t i = 0; i < tensors.size(); i++) {
    napi_set_element(env, array, i, makeTensor(env, tensors[i]));
  }
  return array;
}

TensorList toTensors(napi_env env, napi_value array) {
  uint32_t length = 0;
  check(env, napi_get_array_length(env, array, &length));
  TensorList tensors;
  for (uint32_t i = 0; i < length; i++) {
    napi_value value;
    check(env, napi_get_element(env, array, i, &value));
    tensors.push_back(isNullish(env, value) ? at::Tensor() : getTensor(env, value));
  }
  return tensors;
}

}  // namespace

void reap(napi_env env) {
  std::lock_guard<std::mutex> lock(gravesMutex);
  if (graves.empty()) return;
  std::vector<Grave> others;
  for (const Grave& grave : graves) {
    if (grave.env == env) napi_delete_reference(env, grave.reference);
    else others.push_back(grave);
  }
  graves = std::move(others);
}

Callback::Callback(napi_env env, napi_value function)
    : env_(env), thread_(std::this_thread::get_id()) {
  reap(env);
  check(env, napi_create_reference(env, function, 1, &reference_));
}

Callback::~Callback() { remove(); }

void Callback::remove() {
  if (!reference_) return;
  std::lock_guard<std::mutex> lock(gravesMutex);
  graves.push_back({env_, reference_});
  reference_ = nullptr;
}

void Callback::loosen() {
  if (!reference_ || loose_) return;
  napi_reference_unref(env_, reference_, nullptr);
  loose_ = true;
}

void Callback::spend() {
  loosen();
  spent_ = true;
}

void Callback::tighten() {
  if (!reference_ || !loose_ || spent_) return;
  napi_value function = nullptr;
  napi_get_reference_value(env_, reference_, &function);
  if (function) napi_reference_ref(env_, reference_, nullptr);
  loose_ = false;
}

template <typename Arguments, typename Result>
void Callback::invoke(Arguments arguments, Result result) {
  if (!reference_) return;
  if (std::this_thread::get_id() != thread_) {
    throw JsError("RuntimeError",
                  "autograd wanted to call a JavaScript function on a thread of its own, which it "
                  "does when backward is called from inside backward too deeply");
  }
  HandleScope scope(env_);
  napi_value function = nullptr;
  check(env_, napi_get_reference_value(env_, reference_, &function));
  if (!function) return;
  const std::vector<napi_value> values = arguments();
  napi_value global, returned;
  check(env_, napi_get_global(env_, &global));
  if (napi_call_function(env_, global, function, values.size(), values.data(), &returned) !=
      napi_ok) {
    // JavaScript's side keeps what was thrown, and throws it on once the engine has ended.
    napi_value ignored;
    napi_get_and_clear_last_exception(env_, &ignored);
    throw JsError("RuntimeError", "a JavaScript function of the graph has thrown");
  }
  if (!isNullish(env_, returned)) result(returned);
}

std::optional<TensorList> Callback::operator()(const std::vector<const TensorList*>& lists) {
  std::optional<TensorList> result;
  invoke(
      [&] {
        std::vector<napi_value> values;
        for (const TensorList* list : lists) values.push_back(fromTensors(env_, *list));
        return values;
      },
      [&](napi_value returned) { result = toTensors(env_, returned); });
  return result;
}

std::optional<at::Tensor> Callback::single(const at::Tensor& argument) {
  std::optional<at::Tensor> result;
  invoke([&] { return std::vector<napi_value>{makeTensor(env_, argument)}; },
         [&](napi_value returned) { result = getTensor(env_, returned); });
  return result;
}

}  // namespace tandem
