// What the Externals of this addon point to.
#pragma once
#include <node_api.h>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <memory>

namespace tandem {

enum class Kind { tensor, generator, node, remover };

struct Handle {
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

// An External that owns a handle.
napi_value makeExternal(napi_env env, std::unique_ptr<Handle> handle);
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
