#include "script-values.h"

#include <ATen/core/Dict.h>
#include <ATen/core/List.h>
#include <ATen/core/class_type.h>
#include <ATen/core/function_schema.h>
#include <ATen/core/jit_type.h>

#include "values.h"

namespace tandem {
namespace {

napi_value fromObject(napi_env env, const c10::intrusive_ptr<c10::ivalue::Object>& object) {
  const napi_value result = makeObject(env);
  setProperty(env, result, "script", makeScript(env, object));
  setProperty(env, result, "isModule", fromBool(env, object->type()->is_module()));
  return result;
}

napi_value fromDict(napi_env env, const c10::impl::GenericDict& dict) {
  const napi_value entries = makeArray(env, 0, [](uint32_t) -> napi_value { return nullptr; });
  uint32_t count = 0;
  for (const auto& entry : dict) {
    const napi_value pair = makeArray(env, 2, [&](uint32_t i) {
      return fromScriptValue(env, i == 0 ? entry.key() : entry.value());
    });
    setElement(env, entries, count++, pair);
  }
  const napi_value result = makeObject(env);
  setProperty(env, result, "entries", entries);
  return result;
}

napi_value fromTuple(napi_env env, const c10::ivalue::Tuple& tuple) {
  const auto& elements = tuple.elements();
  const napi_value values = makeArray(
      env, elements.size(), [&](uint32_t i) { return fromScriptValue(env, elements[i]); });
  const auto& schema = tuple.type()->schema();
  if (!schema) return values;
  const napi_value result = makeObject(env);
  const napi_value names = makeArray(env, elements.size(), [&](uint32_t i) {
    return fromString(env, schema->arguments()[i].name());
  });
  setProperty(env, result, "names", names);
  setProperty(env, result, "values", values);
  return result;
}

c10::IValue toGenericList(napi_env env, napi_value value, const c10::TypePtr& inner) {
  c10::impl::GenericList list(inner);
  const uint32_t length = arrayLength(env, value);
  for (uint32_t i = 0; i < length; i++) {
    list.push_back(toScriptValue(env, element(env, value, i), inner));
  }
  return list;
}

c10::IValue toGenericDict(napi_env env, napi_value entries, const c10::TypePtr& key,
                          const c10::TypePtr& inner) {
  c10::impl::GenericDict dict(key, inner);
  const uint32_t length = arrayLength(env, entries);
  for (uint32_t i = 0; i < length; i++) {
    const napi_value pair = element(env, entries, i);
    dict.insert(toScriptValue(env, element(env, pair, 0), key),
                toScriptValue(env, element(env, pair, 1), inner));
  }
  return dict;
}

// What a value is by itself.
c10::IValue inferred(napi_env env, napi_value value) {
  switch (typeOf(env, value)) {
    case napi_undefined:
    case napi_null:
      return {};
    case napi_boolean:
      return toBool(env, value);
    case napi_string:
      return toString(env, value);
    case napi_number:
    case napi_bigint:
      return toScalar(env, value);
    case napi_external:
      if (asHandle(env, value, Kind::script)) return getScript(env, value);
      if (isGenerator(env, value)) return getGenerator(env, value);
      return getTensor(env, value);
    default:
      break;
  }
  if (isArray(env, value)) {
    std::vector<c10::IValue> elements;
    const uint32_t length = arrayLength(env, value);
    for (uint32_t i = 0; i < length; i++) elements.push_back(inferred(env, element(env, value, i)));
    return c10::ivalue::Tuple::create(std::move(elements));
  }
  const napi_value entries = property(env, value, "entries");
  if (!isUndefined(env, entries)) {
    if (arrayLength(env, entries) == 0) {
      return c10::impl::GenericDict(c10::StringType::get(), c10::TensorType::get());
    }
    const napi_value first = element(env, entries, 0);
    return toGenericDict(env, entries, inferred(env, element(env, first, 0)).type(),
                         inferred(env, element(env, first, 1)).type());
  }
  const napi_value script = property(env, value, "script");
  if (!isUndefined(env, script)) return getScript(env, script);
  if (!isUndefined(env, property(env, value, "float")) || !isUndefined(env, property(env, value, "re"))) {
    return toScalar(env, value);
  }
  throw JsError("TypeError", "TorchScript has no type for this value");
}

bool isWhole(napi_env env, napi_value value) {
  return typeOf(env, value) == napi_bigint ||
         (typeOf(env, value) == napi_number && isInteger(toDouble(env, value)));
}

}  // namespace

napi_value makeScript(napi_env env, c10::intrusive_ptr<c10::ivalue::Object> object) {
  return makeExternal(env, std::make_unique<ScriptHandle>(std::move(object)));
}

const c10::intrusive_ptr<c10::ivalue::Object>& getScript(napi_env env, napi_value value) {
  auto* handle = static_cast<ScriptHandle*>(asHandle(env, value, Kind::script));
  if (!handle) throw JsError("TypeError", "expected an object of TorchScript");
  return handle->object;
}

napi_value fromScriptValue(napi_env env, const c10::IValue& value) {
  if (value.isTensor()) return makeTensor(env, value.toTensor());
  if (value.isNone()) return null(env);
  if (value.isBool()) return fromBool(env, value.toBool());
  if (value.isInt()) return fromLargeInt(env, value.toInt());
  if (value.isDouble()) return fromDouble(env, value.toDouble());
  if (value.isScalar()) return fromScalar(env, value.toScalar());
  if (value.isString()) return fromString(env, value.toStringRef());
  if (value.isDevice()) return fromString(env, value.toDevice().str());
  if (value.isTuple()) return fromTuple(env, value.toTupleRef());
  if (value.isGenericDict()) return fromDict(env, value.toGenericDict());
  if (value.isObject()) return fromObject(env, value.toObject());
  if (value.isGenerator()) return makeGenerator(env, value.toGenerator());
  if (value.isEnum()) return fromScriptValue(env, value.toEnumHolder()->value());
  if (value.isList()) {
    const auto list = value.toListRef();
    return makeArray(env, list.size(), [&](uint32_t i) { return fromScriptValue(env, list[i]); });
  }
  throw JsError("TypeError", "JavaScript has no value for TorchScript's type " + value.tagKind());
}

c10::IValue toScriptValue(napi_env env, napi_value value, const c10::TypePtr& type) {
  if (!type) return inferred(env, value);
  const napi_valuetype js = typeOf(env, value);
  switch (type->kind()) {
    case c10::TypeKind::OptionalType:
      if (isNullish(env, value)) return {};
      return toScriptValue(env, value, type->castRaw<c10::OptionalType>()->getElementType());
    case c10::TypeKind::IntType:
      if (isWhole(env, value)) return toInt(env, value);
      break;
    case c10::TypeKind::FloatType:
      if (js == napi_number) return toDouble(env, value);
      break;
    case c10::TypeKind::ComplexType:
      if (js == napi_number || js == napi_object) return toScalar(env, value).toComplexDouble();
      break;
    case c10::TypeKind::DeviceObjType:
      if (js == napi_string) return c10::Device(toString(env, value));
      break;
    case c10::TypeKind::ListType:
      if (isArray(env, value)) {
        return toGenericList(env, value, type->castRaw<c10::ListType>()->getElementType());
      }
      break;
    case c10::TypeKind::TupleType: {
      const auto& elements = type->castRaw<c10::TupleType>()->elements();
      if (!isArray(env, value) || arrayLength(env, value) != elements.size()) break;
      std::vector<c10::IValue> values;
      for (uint32_t i = 0; i < elements.size(); i++) {
        values.push_back(toScriptValue(env, element(env, value, i), elements[i]));
      }
      if (!type->castRaw<c10::TupleType>()->schema()) {
        return c10::ivalue::Tuple::create(std::move(values));
      }
      return c10::ivalue::Tuple::createNamed(std::move(values), type->cast<c10::TupleType>());
    }
    case c10::TypeKind::DictType:
      if (js == napi_object && !isUndefined(env, property(env, value, "entries"))) {
        const auto* dict = type->castRaw<c10::DictType>();
        return toGenericDict(env, property(env, value, "entries"), dict->getKeyType(),
                             dict->getValueType());
      }
      break;
    default:
      break;
  }
  return inferred(env, value);
}

}  // namespace tandem
