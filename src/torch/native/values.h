// Numbers, names and lists, between JavaScript and ATen.
#pragma once
#include <ATen/core/Tensor.h>

#include <vector>

#include "javascript.h"

namespace tandem {

// JavaScript's Number.MAX_SAFE_INTEGER.
constexpr int64_t maxSafeInteger = (int64_t{1} << 53) - 1;

c10::ScalarType scalarType(const std::string& name);
const char* scalarTypeName(c10::ScalarType type);
c10::MemoryFormat memoryFormat(const std::string& name);

// A whole number, which fits into int64; throws Python's errors for any other value.
int64_t toInt(napi_env env, napi_value value);
std::vector<int64_t> toIntList(napi_env env, napi_value value);
at::Scalar toScalar(napi_env env, napi_value value);
at::Scalar toScalar(double number);
napi_value fromScalar(napi_env env, const at::Scalar& scalar);
// A number as the tensor that stands for it in arithmetic, whose dtype gives way to the other's.
at::Tensor numberTensor(napi_env env, napi_value value);
// A number where it is a safe integer, else a bigint.
napi_value fromLargeInt(napi_env env, int64_t value);

// Lists of tensors; null stands for an undefined one, and for an empty list.
std::vector<at::Tensor> toTensors(napi_env env, napi_value array);
napi_value fromTensors(napi_env env, const std::vector<at::Tensor>& tensors);

}  // namespace tandem
