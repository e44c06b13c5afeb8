// What the Externals of this addon point to.
#pragma once
#include <node_api.h>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstddef>
#include <memory>

namespace tandem {

enum class Kind {
  tensor, generator, node, remover, script, package, savedHooks, profile, store, group, work, reducer, event
};

// Room enough for each kind of handle.
constexpr size_t handleBytes = 64;

struct Handle {
  // From memory of the thread's own: a handle is made, and deleted by its finalizer, on one thread.
  static void* operator new(size_t);
  static void operator delete(void* slot);
  // Once the thread's last handle is gone.
  static void freeMemory();
  Handle(Kind kind, int64_t bytes) : kind(kind), bytes(bytes) {}
  virtual ~Handle() = default;
  const Kind kind;
  // What dies with this handle, as far as it can be told; see Environment::settle().
  int64_t bytes;
};

struct TensorHandle : Handle {
  explicit TensorHandle(at::Tensor tensor);
  at::Tensor tensor;
};

struct GeneratorHandle : Handle {
  explicit GeneratorHandle(at::Generator generator)
      : Handle(Kind::generator, 5120), generator(std::move(generator)) {}
  at::Generator generator;
};

napi_value ownedByExternal(napi_env env, std::unique_ptr<Handle> handle);
// An External that owns a handle.
template <class T>
napi_value makeExternal(napi_env env, std::unique_ptr<T> handle) {
  static_assert(sizeof(T) <= handleBytes && alignof(T) <= alignof(std::max_align_t));
  return ownedByExternal(env, std::move(handle));
}
// Null for an undefined tensor.
napi_value makeTensor(napi_env env, at::Tensor tensor);
napi_value makeGenerator(napi_env env, at::Generator generator);

// The handle behind a value; null for anything else, such as another addon's External.
Handle* asHandle(napi_env env, napi_value value, Kind kind);
TensorHandle* asTensor(napi_env env, napi_value value);
bool isGenerator(napi_env env, napi_value value);
// The live tensor or generator behind a value; throws a TypeError for anything else.
const at::Tensor& getTensor(napi_env env, napi_value value);
const at::Generator& getGenerator(napi_env env, napi_value value);

}  // namespace tandem
