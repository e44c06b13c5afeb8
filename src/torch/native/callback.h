// JavaScript functions that autograd's graph holds and calls.
#pragma once
#include <node_api.h>

#include <ATen/core/Tensor.h>

#include <optional>
#include <thread>
#include <vector>

namespace tandem {

using TensorList = std::vector<at::Tensor>;

// A JavaScript function, held as long as this lives. What lives in the graph may die while V8 collects
// garbage, when no reference may be deleted: references are buried then, and deleted by reap().
class Callback {
 public:
  Callback(napi_env env, napi_value function);
  ~Callback();
  Callback(const Callback&) = delete;
  Callback& operator=(const Callback&) = delete;

  // Calls the function with lists of tensors, or with a single one; an undefined tensor is null. Gives
  // what it returned, nothing where it returned undefined. Throws where the function throws, and on any
  // thread but JavaScript's own.
  std::optional<TensorList> operator()(const std::vector<const TensorList*>& lists);
  std::optional<at::Tensor> single(const at::Tensor& argument);

  // Lets V8 collect the function where nothing else refers to it, until it is held again.
  void loosen();
  void tighten();
  // The same for good.
  void spend();
  // Forgets the function for good.
  void remove();
  bool isRemoved() const { return reference_ == nullptr; }

 private:
  template <typename Arguments, typename Result>
  void invoke(Arguments arguments, Result result);

  napi_env env_;
  napi_ref reference_ = nullptr;
  bool loose_ = false;
  bool spent_ = false;
  std::thread::id thread_;
};

// Opens a handle scope for as long as it lives.
struct HandleScope {
  explicit HandleScope(napi_env env) : env(env) { napi_open_handle_scope(env, &scope); }
  ~HandleScope() { napi_close_handle_scope(env, scope); }
  napi_env env;
  napi_handle_scope scope;
};

// Deletes the references of the callbacks that have died.
void reap(napi_env env);

}  // namespace tandem
