// JavaScript functions that autograd's graph holds and calls.
#pragma once
#include <node_api.h>

#include <ATen/core/Tensor.h>

#include <memory>
#include <mutex>
#include <optional>
#include <unordered_set>
#include <vector>

namespace tandem {

using TensorList = std::vector<at::Tensor>;

class Callback;
class Environment;

// The references to JavaScript functions that an environment's callbacks hold. What lives in the graph
// may die while V8 collects garbage, when no reference may be deleted, or on a thread of autograd's:
// references are buried then, and deleted by reap().
class References {
 public:
  napi_ref add(napi_env env, napi_value function, Callback* owner);
  void bury(napi_ref reference, Callback* owner);
  void reap(napi_env env);
  // Deletes all of them; no callback calls anything from here on.
  void close(napi_env env);

  std::mutex mutex;

 private:
  std::unordered_set<Callback*> owners;
  std::vector<napi_ref> dead;
};

// A JavaScript function, held as long as this lives and its environment does.
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
  friend class References;

  template <typename Arguments, typename Result>
  void invoke(Arguments arguments, Result result);

  const std::shared_ptr<Environment> environment_;
  napi_ref reference_ = nullptr;
  bool loose_ = false;
  bool spent_ = false;
};

}  // namespace tandem
