// JavaScript values to and from ATen's boxed IValues, by the types of an operator's schema.
#pragma once
#include <node_api.h>

#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>

#include <string>

namespace tandem {

// An error that reaches JavaScript with a code: PyTorch's exception class in Python.
struct JsError : std::runtime_error {
  JsError(std::string code, const std::string& message)
      : std::runtime_error(message), code(std::move(code)) {}
  std::string code;
};

// What JavaScript has thrown, no longer pending; the handle is good until the call into the addon ends.
struct JsException : std::exception {
  explicit JsException(napi_value thrown) : thrown(thrown) {}
  const napi_value thrown;
};

// Throws where a Node-API call has failed: a JsException where JavaScript threw.
void check(napi_env env, napi_status status);

// Whether a value fits an argument, as PyTorch's argument parser decides between overloads.
// `numbers` allows a plain number in place of a tensor.
bool accepts(napi_env env, napi_value value, const c10::Argument& argument, bool numbers);
c10::IValue toIValue(napi_env env, napi_value value, const c10::Argument& argument);
napi_value fromIValue(napi_env env, const c10::IValue& value, const c10::TypePtr& realType);

c10::ScalarType scalarType(const std::string& name);
c10::MemoryFormat memoryFormat(const std::string& name);
const char* scalarTypeName(c10::ScalarType type);
// A number as the tensor that stands for it in arithmetic, whose dtype gives way to the other's.
at::Tensor numberTensor(napi_env env, napi_value value);
at::Scalar toScalar(napi_env env, napi_value value);
napi_value fromScalar(napi_env env, const at::Scalar& scalar);
// A whole number, which fits into int64; throws Python's errors for any other value.
int64_t toInt(napi_env env, napi_value value);
std::vector<int64_t> toIntList(napi_env env, napi_value value);
bool toBool(napi_env env, napi_value value);
std::string toString(napi_env env, napi_value value);
// Lists of tensors; null stands for an undefined one, and for an empty list.
std::vector<at::Tensor> toTensors(napi_env env, napi_value array);
napi_value fromTensors(napi_env env, const std::vector<at::Tensor>& tensors);
napi_value fromInt(napi_env env, int64_t value);
napi_value fromBool(napi_env env, bool value);
napi_value fromString(napi_env env, std::string_view text);
void setElement(napi_env env, napi_value array, uint32_t index, napi_value value);
void setProperty(napi_env env, napi_value object, const char* name, napi_value value);
bool isNullish(napi_env env, napi_value value);

}  // namespace tandem
