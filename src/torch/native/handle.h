// What a JavaScript External of this addon points to: a tensor or a generator.
#pragma once
#include <node_api.h>

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

namespace tandem {

enum class Kind : uint32_t { tensor = 0x7e5a0001, generator = 0x7e5a0002 };

struct Handle {
  const Kind kind;
  at::Tensor tensor;
  at::Generator generator;
  // Bytes that die with this handle, as far as they can be told; see relieve() in binding.cc.
  int64_t reported = 0;
};

napi_value makeTensor(napi_env env, at::Tensor tensor);
napi_value makeGenerator(napi_env env, at::Generator generator);

// The live tensor or generator behind a value; throws a TypeError for anything else.
const at::Tensor& getTensor(napi_env env, napi_value value);
const at::Generator& getGenerator(napi_env env, napi_value value);
// Null for anything that is no handle of the kind.
Handle* asHandle(napi_env env, napi_value value, Kind kind);

}  // namespace tandem
