// JavaScript's values through Node-API. Each function throws where Node-API fails.
#pragma once
#include <node_api.h>

#include <cmath>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>

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

// Opens a handle scope for as long as it lives.
struct HandleScope {
  explicit HandleScope(napi_env env) : env(env) { napi_open_handle_scope(env, &scope); }
  ~HandleScope() { napi_close_handle_scope(env, scope); }
  napi_env env;
  napi_handle_scope scope;
};

napi_valuetype typeOf(napi_env env, napi_value value);
bool isUndefined(napi_env env, napi_value value);
bool isNull(napi_env env, napi_value value);
bool isNullish(napi_env env, napi_value value);
bool isArray(napi_env env, napi_value value);
inline bool isInteger(double value) { return std::trunc(value) == value && std::isfinite(value); }

bool toBool(napi_env env, napi_value value);
double toDouble(napi_env env, napi_value value);
uint32_t toUint32(napi_env env, napi_value value);
std::string toString(napi_env env, napi_value value);

napi_value null(napi_env env);
napi_value fromBool(napi_env env, bool value);
napi_value fromDouble(napi_env env, double value);
napi_value fromInt(napi_env env, int64_t value);
napi_value fromString(napi_env env, std::string_view text);

uint32_t arrayLength(napi_env env, napi_value array);
napi_value element(napi_env env, napi_value array, uint32_t index);
void setElement(napi_env env, napi_value array, uint32_t index, napi_value value);
// An array of that length with make(i) in place i.
template <typename Make>
napi_value makeArray(napi_env env, size_t length, Make make) {
  napi_value array;
  check(env, napi_create_array_with_length(env, length, &array));
  for (uint32_t i = 0; i < length; i++) setElement(env, array, i, make(i));
  return array;
}

napi_value makeObject(napi_env env);
// Undefined where the object has no such property.
napi_value property(napi_env env, napi_value object, const char* name);
void setProperty(napi_env env, napi_value object, const char* name, napi_value value);

struct TypedArray {
  napi_typedarray_type type;
  size_t length;
  void* data;
  napi_value buffer;
};
TypedArray typedArray(napi_env env, napi_value value);

// A reference that holds the value if `count` is 1, and only watches it if 0.
napi_ref makeReference(napi_env env, napi_value value, uint32_t count);
// The referenced value; null where there is no reference or the value is gone.
napi_value referenced(napi_env env, napi_ref reference);
napi_value callFunction(napi_env env, napi_value function, size_t count, const napi_value* args);

}  // namespace tandem
