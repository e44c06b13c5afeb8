#include "values.h"

#include <ATen/TracerMode.h>
#include <ATen/ops/scalar_tensor.h>
#include <c10/core/ScalarType.h>

#include <cmath>

#include "handle.h"

namespace tandem {

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

c10::MemoryFormat memoryFormat(const std::string& name) {
  if (name == "contiguous_format") return c10::MemoryFormat::Contiguous;
  if (name == "preserve_format") return c10::MemoryFormat::Preserve;
  if (name == "channels_last") return c10::MemoryFormat::ChannelsLast;
  if (name == "channels_last_3d") return c10::MemoryFormat::ChannelsLast3d;
  throw JsError("TypeError", "unknown memory format '" + name + "'");
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

at::Scalar toScalar(double number) {
  // JavaScript has one number type: a whole number counts as Python's int, except negative zero.
  if (isInteger(number) && std::abs(number) <= maxSafeInteger + 1.0 && !(number == 0 && std::signbit(number))) {
    return static_cast<int64_t>(number);
  }
  return number;
}

at::Scalar toScalar(napi_env env, napi_value value) {
  switch (typeOf(env, value)) {
    case napi_number:
      return toScalar(toDouble(env, value));
    case napi_boolean:
      return toBool(env, value);
    case napi_bigint: {
      uint64_t number = 0;
      bool lossless = false;
      check(env, napi_get_value_bigint_uint64(env, value, &number, &lossless));
      if (lossless && number > uint64_t{std::numeric_limits<int64_t>::max()}) return number;
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
  if (scalar.isBoolean()) return fromBool(env, scalar.toBool());
  if (scalar.isIntegral(false)) return fromLargeInt(env, scalar.toLong());
  if (!scalar.isComplex()) return fromDouble(env, scalar.toDouble());
  const auto number = scalar.toComplexDouble();
  const napi_value result = makeObject(env);
  setProperty(env, result, "re", fromDouble(env, number.real()));
  setProperty(env, result, "im", fromDouble(env, number.imag()));
  return result;
}

at::Tensor numberTensor(napi_env env, napi_value value) {
  const at::Scalar scalar = toScalar(env, value);
  // A constant of the program that torch.jit.trace records, as in Python.
  const at::tracer::impl::NoTracerDispatchMode untraced;
  at::Tensor tensor = at::scalar_tensor(
      scalar, at::TensorOptions(scalar.type() == at::kUInt64 ? at::kUInt64
                                : scalar.isIntegral(false)   ? at::kLong
                                : scalar.isBoolean()         ? at::kBool
                                : scalar.isComplex()         ? at::kComplexDouble
                                                             : at::kDouble));
  tensor.unsafeGetTensorImpl()->set_wrapped_number(true);
  return tensor;
}

napi_value fromLargeInt(napi_env env, int64_t value) {
  if (-maxSafeInteger <= value && value <= maxSafeInteger) return fromInt(env, value);
  napi_value result;
  check(env, napi_create_bigint_int64(env, value, &result));
  return result;
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
  return makeArray(env, tensors.size(), [&](uint32_t i) { return makeTensor(env, tensors[i]); });
}

}  // namespace tandem
