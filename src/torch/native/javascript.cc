#include "javascript.h"

namespace tandem {

void check(napi_env env, napi_status status) {
  if (status == napi_ok) return;
  const napi_extended_error_info* info = nullptr;
  napi_get_last_error_info(env, &info);
  const std::string message = info && info->error_message ? info->error_message : "bad argument";
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (pending) {
    napi_value thrown = nullptr;
    napi_get_and_clear_last_exception(env, &thrown);
    throw JsException(thrown);
  }
  throw JsError("TypeError", message);
}

napi_valuetype typeOf(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  return type;
}

bool isUndefined(napi_env env, napi_value value) { return typeOf(env, value) == napi_undefined; }

bool isNull(napi_env env, napi_value value) { return typeOf(env, value) == napi_null; }

bool isNullish(napi_env env, napi_value value) {
  const napi_valuetype type = typeOf(env, value);
  return type == napi_null || type == napi_undefined;
}

bool isArray(napi_env env, napi_value value) {
  bool result = false;
  napi_is_array(env, value, &result);
  return result;
}

bool toBool(napi_env env, napi_value value) {
  bool result = false;
  if (napi_get_value_bool(env, value, &result) != napi_ok) {
    throw JsError("TypeError", "expected a boolean");
  }
  return result;
}

double toDouble(napi_env env, napi_value value) {
  double number = 0;
  if (napi_get_value_double(env, value, &number) != napi_ok) {
    throw JsError("TypeError", "expected a number");
  }
  return number;
}

uint32_t toUint32(napi_env env, napi_value value) {
  uint32_t number = 0;
  check(env, napi_get_value_uint32(env, value, &number));
  return number;
}

std::string toString(napi_env env, napi_value value) {
  size_t length = 0;
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &length) != napi_ok) {
    throw JsError("TypeError", "expected a string");
  }
  std::string text(length, '\0');
  check(env, napi_get_value_string_utf8(env, value, text.data(), length + 1, &length));
  return text;
}

napi_value null(napi_env env) {
  napi_value result;
  check(env, napi_get_null(env, &result));
  return result;
}

napi_value fromBool(napi_env env, bool value) {
  napi_value result;
  check(env, napi_get_boolean(env, value, &result));
  return result;
}

napi_value fromDouble(napi_env env, double value) {
  napi_value result;
  check(env, napi_create_double(env, value, &result));
  return result;
}

napi_value fromInt(napi_env env, int64_t value) {
  napi_value result;
  check(env, napi_create_int64(env, value, &result));
  return result;
}

napi_value fromString(napi_env env, std::string_view text) {
  napi_value result;
  check(env, napi_create_string_utf8(env, text.data(), text.size(), &result));
  return result;
}

uint32_t arrayLength(napi_env env, napi_value array) {
  uint32_t length = 0;
  check(env, napi_get_array_length(env, array, &length));
  return length;
}

napi_value element(napi_env env, napi_value array, uint32_t index) {
  napi_value value;
  check(env, napi_get_element(env, array, index, &value));
  return value;
}

void setElement(napi_env env, napi_value array, uint32_t index, napi_value value) {
  check(env, napi_set_element(env, array, index, value));
}

napi_value makeObject(napi_env env) {
  napi_value object;
  check(env, napi_create_object(env, &object));
  return object;
}

napi_value property(napi_env env, napi_value object, const char* name) {
  napi_value value;
  check(env, napi_get_named_property(env, object, name, &value));
  return value;
}

void setProperty(napi_env env, napi_value object, const char* name, napi_value value) {
  check(env, napi_set_named_property(env, object, name, value));
}

TypedArray typedArray(napi_env env, napi_value value) {
  TypedArray array;
  size_t offset = 0;
  check(env, napi_get_typedarray_info(env, value, &array.type, &array.length, &array.data,
                                      &array.buffer, &offset));
  return array;
}

napi_ref makeReference(napi_env env, napi_value value, uint32_t count) {
  napi_ref reference;
  check(env, napi_create_reference(env, value, count, &reference));
  return reference;
}

napi_value referenced(napi_env env, napi_ref reference) {
  napi_value value = nullptr;
  if (reference) check(env, napi_get_reference_value(env, reference, &value));
  return value;
}

napi_value callFunction(napi_env env, napi_value function, size_t count, const napi_value* args) {
  napi_value global, result;
  check(env, napi_get_global(env, &global));
  check(env, napi_call_function(env, global, function, count, args, &result));
  return result;
}

}  // namespace tandem
