#include "values.h"

#include <ATen/core/List.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/jit_type.h>
#include <ATen/ops/scalar_tensor.h>
#include <c10/core/ScalarType.h>

#include <cmath>

#include "handle.h"

namespace tandem {
namespace {

napi_valuetype typeOf(napi_env env, napi_value value) {
  napi_valuetype type = napi_undefined;
  napi_typeof(env, value, &type);
  return type;
}

bool isArray(napi_env env, napi_value value) {
  bool result = false;
  napi_is_array(env, value, &result);
  return result;
}

uint32_t arrayLength(napi_env env, napi_value value) {
  uint32_t length = 0;
  check(env, napi_get_array_length(env, value, &length));
  return length;
}

napi_value element(napi_env env, napi_value array, uint32_t index) {
  napi_value value;
  check(env, napi_get_element(env, array, index, &value));
  return value;
}

double toDouble(napi_env env, napi_value value) {
  double number = 0;
  if (napi_get_value_double(env, value, &number) != napi_ok) {
    throw JsError("TypeError", "expected a number");
  }
  return number;
}

bool isInteger(double value) { return std::trunc(value) == value && std::isfinite(value); }

// A property of a plain object, or undefined where there is none.
napi_value property(napi_env env, napi_value object, const char* name) {
  napi_value value;
  check(env, napi_get_named_property(env, object, name, &value));
  return value;
}

// A float argument: any number of JavaScript's, `{ float: 2 }`, or a tensor without dimensions.
double toFloat(napi_env env, napi_value value) {
  return typeOf(env, value) == napi_number ? toDouble(env, value)
                                           : toScalar(env, value).toDouble();
}

c10::Layout layout(const std::string& name) {
  if (name == "strided") return c10::kStrided;
  if (name == "sparse_coo") return c10::kSparse;
  if (name == "sparse_csr") return c10::kSparseCsr;
  if (name == "sparse_csc") return c10::kSparseCsc;
  if (name == "sparse_bsr") return c10::kSparseBsr;
  if (name == "sparse_bsc") return c10::kSparseBsc;
  if (name == "_mkldnn") return c10::kMkldnn;
  throw JsError("TypeError", "unknown layout '" + name + "'");
}

// The kinds whose values JavaScript writes as strings: 'float32', 'strided', 'channels_last'.
bool isNamedInt(const c10::TypePtr& realType) {
  switch (realType->kind()) {
    case c10::TypeKind::ScalarTypeType:
    case c10::TypeKind::LayoutType:
    case c10::TypeKind::MemoryFormatType:
      return true;
    default:
      return false;
  }
}

int64_t namedInt(const std::string& name, const c10::TypePtr& realType) {
  switch (realType->kind()) {
    case c10::TypeKind::ScalarTypeType:
      return static_cast<int64_t>(scalarType(name));
    case c10::TypeKind::LayoutType:
      return static_cast<int64_t>(layout(name));
    default:
      return static_cast<int64_t>(memoryFormat(name));
  }
}

c10::TypePtr elementType(const c10::TypePtr& type) {
  return type->castRaw<c10::ListType>()->getElementType();
}

// Whether a tensor may stand for a plain number.
bool isNumber(const TensorHandle& handle) {
  return handle.tensor.defined() && handle.tensor.dim() == 0 && !handle.tensor.requires_grad();
}

bool acceptsType(napi_env env, napi_value value, const c10::TypePtr& type,
                 const c10::TypePtr& realType, bool numbers) {
  const napi_valuetype js = typeOf(env, value);
  switch (type->kind()) {
    case c10::TypeKind::OptionalType:
      return js == napi_null || js == napi_undefined ||
             acceptsType(env, value, type->castRaw<c10::OptionalType>()->getElementType(),
                         realType->castRaw<c10::OptionalType>()->getElementType(), numbers);
    case c10::TypeKind::TensorType:
      if (js == napi_external) return asTensor(env, value) != nullptr;
      return numbers && js == napi_number || numbers && js == napi_boolean ||
             numbers && js == napi_bigint || numbers && js == napi_object && !isArray(env, value);
    case c10::TypeKind::IntType:
      if (isNamedInt(realType)) return js == napi_string;
      if (js == napi_number) return isInteger(toDouble(env, value));
      if (auto* handle = asTensor(env, value)) {
        return handle->tensor.defined() && handle->tensor.dim() == 0 &&
               at::isIntegralType(handle->tensor.scalar_type(), false);
      }
      return js == napi_bigint;
    case c10::TypeKind::FloatType:
      if (auto* handle = asTensor(env, value)) return isNumber(*handle);
      return js == napi_number || js == napi_boolean || js == napi_bigint ||
             js == napi_object && typeOf(env, property(env, value, "float")) == napi_number;
    case c10::TypeKind::BoolType:
      return js == napi_boolean;
    case c10::TypeKind::StringType:
    case c10::TypeKind::DeviceObjType:
      return js == napi_string;
    case c10::TypeKind::NumberType:
      if (auto* handle = asTensor(env, value)) return isNumber(*handle);
      return js == napi_number || js == napi_boolean || js == napi_bigint ||
             js == napi_object && !isArray(env, value);
    case c10::TypeKind::GeneratorType:
      return isGenerator(env, value);
    case c10::TypeKind::ListType: {
      if (!isArray(env, value)) return false;
      const uint32_t length = arrayLength(env, value);
      const auto inner = elementType(type), realInner = elementType(realType);
      for (uint32_t i = 0; i < length; i++) {
        if (!acceptsType(env, element(env, value, i), inner, realInner, false)) return false;
      }
      return true;
    }
    default:
      return false;
  }
}

template <typename T, typename F>
c10::IValue toList(napi_env env, napi_value value, F convert) {
  const uint32_t length = arrayLength(env, value);
  c10::List<T> list;
  list.reserve(length);
  for (uint32_t i = 0; i < length; i++) list.push_back(convert(element(env, value, i)));
  return list;
}

c10::IValue listToIValue(napi_env env, napi_value value, const c10::TypePtr& inner,
                         const c10::TypePtr& realInner) {
  switch (inner->kind()) {
    case c10::TypeKind::TensorType:
      return toList<at::Tensor>(env, value, [&](napi_value v) { return getTensor(env, v); });
    case c10::TypeKind::IntType:
      return toIntList(env, value);
    case c10::TypeKind::FloatType:
      return toList<double>(env, value, [&](napi_value v) { return toFloat(env, v); });
    case c10::TypeKind::BoolType:
      return toList<bool>(env, value, [&](napi_value v) { return toBool(env, v); });
    case c10::TypeKind::NumberType: {
      const uint32_t length = arrayLength(env, value);
      c10::impl::GenericList list(c10::NumberType::get());
      for (uint32_t i = 0; i < length; i++) {
        list.push_back(c10::IValue(toScalar(env, element(env, value, i))));
      }
      return list;
    }
    case c10::TypeKind::StringType:
      return toList<std::string>(env, value, [&](napi_value v) { return toString(env, v); });
    case c10::TypeKind::OptionalType:
      return toList<std::optional<at::Tensor>>(
          env, value, [&](napi_value v) -> std::optional<at::Tensor> {
            if (isNullish(env, v)) return std::nullopt;
            return getTensor(env, v);
          });
    default:
      throw JsError("TypeError", "lists of " + inner->str() + " are not supported");
  }
}

c10::IValue toIValueOf(napi_env env, napi_value value, const c10::TypePtr& type,
                       const c10::TypePtr& realType, std::optional<int32_t> size) {
  switch (type->kind()) {
    case c10::TypeKind::OptionalType:
      if (isNullish(env, value)) return {};
      return toIValueOf(env, value, type->castRaw<c10::OptionalType>()->getElementType(),
                        realType->castRaw<c10::OptionalType>()->getElementType(), size);
    case c10::TypeKind::TensorType:
      if (asTensor(env, value)) return getTensor(env, value);
      return numberTensor(env, value);
    case c10::TypeKind::IntType:
      if (isNamedInt(realType)) return namedInt(toString(env, value), realType);
      return toInt(env, value);
    case c10::TypeKind::FloatType:
      return toFloat(env, value);
    case c10::TypeKind::BoolType:
      return toBool(env, value);
    case c10::TypeKind::StringType:
      return toString(env, value);
    case c10::TypeKind::DeviceObjType:
      return c10::Device(toString(env, value));
    case c10::TypeKind::NumberType:
      return toScalar(env, value);
    case c10::TypeKind::GeneratorType:
      return getGenerator(env, value);
    case c10::TypeKind::ListType: {
      const auto inner = elementType(type);
      if (!isArray(env, value)) {
        // One number stands for a list of known length: kernelSize 3 for [3, 3].
        const size_t count = size.value_or(1);
        if (inner->kind() == c10::TypeKind::IntType) {
          return std::vector<int64_t>(count, toInt(env, value));
        }
        if (inner->kind() == c10::TypeKind::FloatType) {
          return std::vector<double>(count, toFloat(env, value));
        }
      }
      return listToIValue(env, value, inner, elementType(realType));
    }
    default:
      throw JsError("TypeError", "arguments of type " + type->str() + " are not supported");
  }
}

napi_value fromList(napi_env env, const c10::ArrayRef<c10::IValue>& list,
                    const c10::TypePtr& realInner) {
  napi_value array;
  check(env, napi_create_array_with_length(env, list.size(), &array));
  for (uint32_t i = 0; i < list.size(); i++) {
    setElement(env, array, i, fromIValue(env, list[i], realInner));
  }
  return array;
}

}  // namespace

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

bool isNullish(napi_env env, napi_value value) {
  const napi_valuetype type = typeOf(env, value);
  return type == napi_null || type == napi_undefined;
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

bool toBool(napi_env env, napi_value value) {
  bool result = false;
  if (napi_get_value_bool(env, value, &result) != napi_ok) {
    throw JsError("TypeError", "expected a boolean");
  }
  return result;
}

int64_t toInt(napi_env env, napi_value value) {
  const auto tooLarge = [] { return JsError("ValueError", "Overflow when unpacking long long"); };
  if (typeOf(env, value) == napi_bigint) {
    int64_t result = 0;
    bool lossless = false;
    check(env, napi_get_value_bigint_int64(env, value, &result, &lossless));
    if (!lossless) throw tooLarge();
    return result;
  }
  if (asTensor(env, value)) return getTensor(env, value).item<int64_t>();
  const double number = toDouble(env, value);
  if (!isInteger(number)) throw JsError("TypeError", "expected an integer");
  // 2^63 itself is no int64 any more.
  if (number < -0x1p63 || number >= 0x1p63) throw tooLarge();
  return static_cast<int64_t>(number);
}

std::vector<at::Tensor> toTensors(napi_env env, napi_value array) {
  std::vector<at::Tensor> tensors;
  const uint32_t length = isNullish(env, array) ? 0 : arrayLength(env, array);
  for (uint32_t i = 0; i < length; i++) {
    const napi_value value = element(env, array, i);
    tensors.push_back(isNullish(env, value) ? at::Tensor() : getTensor(env, value));
  }
  return tensors;
}

napi_value fromTensors(napi_env env, const std::vector<at::Tensor>& tensors) {
  napi_value array;
  check(env, napi_create_array_with_length(env, tensors.size(), &array));
  for (uint32_t i = 0; i < tensors.size(); i++) {
    setElement(env, array, i, makeTensor(env, tensors[i]));
  }
  return array;
}

napi_value fromInt(napi_env env, int64_t value) {
  napi_value result;
  check(env, napi_create_int64(env, value, &result));
  return result;
}

napi_value fromBool(napi_env env, bool value) {
  napi_value result;
  check(env, napi_get_boolean(env, value, &result));
  return result;
}

void setElement(napi_env env, napi_value array, uint32_t index, napi_value value) {
  check(env, napi_set_element(env, array, index, value));
}

void setProperty(napi_env env, napi_value object, const char* name, napi_value value) {
  check(env, napi_set_named_property(env, object, name, value));
}

napi_value fromString(napi_env env, std::string_view text) {
  napi_value value;
  check(env, napi_create_string_utf8(env, text.data(), text.size(), &value));
  return value;
}

c10::MemoryFormat memoryFormat(const std::string& name) {
  if (name == "contiguous_format") return c10::MemoryFormat::Contiguous;
  if (name == "preserve_format") return c10::MemoryFormat::Preserve;
  if (name == "channels_last") return c10::MemoryFormat::ChannelsLast;
  if (name == "channels_last_3d") return c10::MemoryFormat::ChannelsLast3d;
  throw JsError("TypeError", "unknown memory format '" + name + "'");
}

c10::ScalarType scalarType(const std::string& name) {
  const auto& names = c10::getStringToDtypeMap();
  const auto found = names.find(name);
  if (found == names.end()) throw JsError("TypeError", "unknown dtype '" + name + "'");
  return found->second;
}

const char* scalarTypeName(c10::ScalarType type) {
  static const auto names = [] {
    std::array<std::string, static_cast<size_t>(c10::ScalarType::NumOptions)> all;
    for (const auto& [name, dtype] : c10::getStringToDtypeMap()) {
      all[static_cast<size_t>(dtype)] = std::string(c10::getDtypeNames(dtype).first);
    }
    return all;
  }();
  return names[static_cast<size_t>(type)].c_str();
}

at::Tensor numberTensor(napi_env env, napi_value value) {
  const at::Scalar scalar = toScalar(env, value);
  at::Tensor tensor = at::scalar_tensor(
      scalar, at::TensorOptions(scalar.type() == at::kUInt64 ? at::kUInt64
                                : scalar.isIntegral(false)   ? at::kLong
                                : scalar.isBoolean()         ? at::kBool
                                : scalar.isComplex()         ? at::kComplexDouble
                                                             : at::kDouble));
  tensor.unsafeGetTensorImpl()->set_wrapped_number(true);
  return tensor;
}

at::Scalar toScalar(napi_env env, napi_value value) {
  switch (typeOf(env, value)) {
    case napi_number: {
      const double number = toDouble(env, value);
      // JavaScript has one number type: a whole number counts as Python's int, except negative zero.
      if (isInteger(number) && std::abs(number) <= 9007199254740992.0 &&
          !(number == 0 && std::signbit(number))) {
        return static_cast<int64_t>(number);
      }
      return number;
    }
    case napi_boolean:
      return toBool(env, value);
    case napi_bigint: {
      uint64_t number = 0;
      bool lossless = false;
      check(env, napi_get_value_bigint_uint64(env, value, &number, &lossless));
      if (lossless && number > std::numeric_limits<int64_t>::max()) return number;
      try {
        return toInt(env, value);
      } catch (const JsError&) {
        throw JsError("OverflowError", "int too big to convert");
      }
    }
    case napi_external:
      return getTensor(env, value).item();
    case napi_object: {
      // { float: 2 } is Python's 2.0, { re, im } a complex number.
      const napi_value forced = property(env, value, "float");
      if (typeOf(env, forced) == napi_number) return toDouble(env, forced);
      return c10::complex<double>(toDouble(env, property(env, value, "re")),
                                  toDouble(env, property(env, value, "im")));
    }
    default:
      throw JsError("TypeError", "expected a number");
  }
}

napi_value fromScalar(napi_env env, const at::Scalar& scalar) {
  napi_value result;
  if (scalar.isBoolean()) {
    return fromBool(env, scalar.toBool());
  } else if (scalar.isIntegral(false)) {
    return fromIValue(env, scalar.toLong(), c10::IntType::get());
  } else if (scalar.isComplex()) {
    const auto number = scalar.toComplexDouble();
    check(env, napi_create_object(env, &result));
    napi_value part;
    check(env, napi_create_double(env, number.real(), &part));
    setProperty(env, result, "re", part);
    check(env, napi_create_double(env, number.imag(), &part));
    setProperty(env, result, "im", part);
  } else {
    check(env, napi_create_double(env, scalar.toDouble(), &result));
  }
  return result;
}

std::vector<int64_t> toIntList(napi_env env, napi_value value) {
  std::vector<int64_t> list(arrayLength(env, value));
  for (uint32_t i = 0; i < list.size(); i++) {
    try {
      list[i] = toInt(env, element(env, value, i));
    } catch (const JsError& e) {
      throw JsError("TypeError", c10::str("failed to unpack the object at pos ", i + 1,
                                          " with error \"", e.what()));
    }
  }
  return list;
}

bool accepts(napi_env env, napi_value value, const c10::Argument& argument, bool numbers) {
  if (acceptsType(env, value, argument.type(), argument.real_type(), numbers)) return true;
  // One number for a list of known length.
  auto type = argument.type(), realType = argument.real_type();
  if (auto* optional = type->castRaw<c10::OptionalType>()) {
    type = optional->getElementType();
    realType = realType->castRaw<c10::OptionalType>()->getElementType();
  }
  if (type->kind() != c10::TypeKind::ListType || !argument.N()) return false;
  const auto inner = elementType(type);
  if (inner->kind() != c10::TypeKind::FloatType && inner->kind() != c10::TypeKind::IntType) {
    return false;
  }
  return acceptsType(env, value, inner, elementType(realType), false);
}

c10::IValue toIValue(napi_env env, napi_value value, const c10::Argument& argument) {
  try {
    return toIValueOf(env, value, argument.type(), argument.real_type(), argument.N());
  } catch (const JsError& e) {
    if (std::string_view(e.what()).substr(0, 16) != "failed to unpack") throw;
    throw JsError(e.code, "argument '" + argument.name() + "' " + e.what());
  }
}

napi_value fromIValue(napi_env env, const c10::IValue& value, const c10::TypePtr& realType) {
  napi_value result;
  if (value.isTensor()) return makeTensor(env, value.toTensor());
  if (value.isNone()) {
    check(env, napi_get_null(env, &result));
  } else if (value.isInt()) {
    const int64_t number = value.toInt();
    if (realType->kind() == c10::TypeKind::ScalarTypeType) {
      return fromString(env, scalarTypeName(static_cast<c10::ScalarType>(number)));
    }
    if (std::abs(number) <= 9007199254740991) {
      return fromInt(env, number);
    } else {
      check(env, napi_create_bigint_int64(env, number, &result));
    }
  } else if (value.isDouble()) {
    check(env, napi_create_double(env, value.toDouble(), &result));
  } else if (value.isBool()) {
    return fromBool(env, value.toBool());
  } else if (value.isString()) {
    return fromString(env, value.toStringRef());
  } else if (value.isScalar()) {
    return fromScalar(env, value.toScalar());
  } else if (value.isSymInt()) {
    return fromIValue(env, value.toSymInt().expect_int(), realType);
  } else if (value.isDevice()) {
    return fromString(env, value.toDevice().str());
  } else if (value.isList()) {
    return fromList(env, value.toListRef(), elementType(realType));
  } else if (value.isTuple()) {
    return fromList(env, value.toTupleRef().elements(), c10::AnyType::get());
  } else if (value.isGenerator()) {
    return makeGenerator(env, value.toGenerator());
  } else {
    throw JsError("TypeError", "results of type " + value.tagKind() + " are not supported");
  }
  return result;
}

}  // namespace tandem
