#include "ivalues.h"

#include <ATen/core/List.h>
#include <ATen/core/jit_type.h>

#include "cuda-library.h"
#include "handle.h"
#include "values.h"

namespace tandem {
namespace {

// A float argument: any number of JavaScript's, `{ float: 2 }`, or a tensor without dimensions.
double toFloat(napi_env env, napi_value value) {
  return typeOf(env, value) == napi_number ? toDouble(env, value)
                                           : toScalar(env, value).toDouble();
}

c10::Device usable(const c10::Device& device) {
  initDevice(device);
  return device;
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

// Whether a tensor may stand for a plain number.
bool isNumber(const TensorHandle& handle) {
  return handle.tensor.defined() && handle.tensor.dim() == 0 && !handle.tensor.requires_grad();
}

// Whether a JavaScript value stands for a number: true, 2n, { float: 2 }, { re: 1, im: 2 }.
bool isNumeric(napi_env env, napi_value value, napi_valuetype type) {
  return type == napi_number || type == napi_boolean || type == napi_bigint ||
         (type == napi_object && !isArray(env, value));
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
      return numbers && isNumeric(env, value, js);
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
             (js == napi_object && typeOf(env, property(env, value, "float")) == napi_number);
    case c10::TypeKind::BoolType:
      return js == napi_boolean;
    case c10::TypeKind::StringType:
    case c10::TypeKind::DeviceObjType:
      return js == napi_string;
    case c10::TypeKind::NumberType:
      if (auto* handle = asTensor(env, value)) return isNumber(*handle);
      return isNumeric(env, value, js);
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

c10::IValue listToIValue(napi_env env, napi_value value, const c10::TypePtr& inner) {
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
      return usable(c10::Device(toString(env, value)));
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
      return listToIValue(env, value, inner);
    }
    default:
      throw JsError("TypeError", "arguments of type " + type->str() + " are not supported");
  }
}

napi_value fromList(napi_env env, const c10::ArrayRef<c10::IValue>& list,
                    const c10::TypePtr& realInner) {
  return makeArray(env, list.size(), [&](uint32_t i) { return fromIValue(env, list[i], realInner); });
}

}  // namespace

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

c10::TypePtr elementType(const c10::TypePtr& type) {
  return type->castRaw<c10::ListType>()->getElementType();
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
  if (value.isTensor()) return makeTensor(env, value.toTensor());
  if (value.isNone()) return null(env);
  if (value.isInt()) {
    const int64_t number = value.toInt();
    if (realType->kind() != c10::TypeKind::ScalarTypeType) return fromLargeInt(env, number);
    return fromString(env, scalarTypeName(static_cast<c10::ScalarType>(number)));
  }
  if (value.isDouble()) return fromDouble(env, value.toDouble());
  if (value.isBool()) return fromBool(env, value.toBool());
  if (value.isString()) return fromString(env, value.toStringRef());
  if (value.isScalar()) return fromScalar(env, value.toScalar());
  if (value.isSymInt()) return fromIValue(env, value.toSymInt().expect_int(), realType);
  if (value.isDevice()) return fromString(env, value.toDevice().str());
  if (value.isList()) return fromList(env, value.toListRef(), elementType(realType));
  if (value.isTuple()) return fromList(env, value.toTupleRef().elements(), c10::AnyType::get());
  if (value.isGenerator()) return makeGenerator(env, value.toGenerator());
  throw JsError("TypeError", "results of type " + value.tagKind() + " are not supported");
}

}  // namespace tandem
