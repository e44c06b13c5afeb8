// Models of TorchScript, as Python's torch.jit saves them.
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <sstream>

#include "exports.h"
#include "script-values.h"

namespace tandem {
namespace {

using torch::jit::Module;
using torch::jit::Object;

Module moduleOf(const Call& call, size_t i) { return Module(getScript(call.env, call[i])); }

std::optional<c10::Device> deviceOf(const Call& call, size_t i) {
  if (isNullish(call.env, call[i])) return std::nullopt;
  return c10::Device(toString(call.env, call[i]));
}

// scriptLoad(path or bytes, device or null)
napi_value scriptLoad(const Call& call) {
  const auto device = deviceOf(call, 1);
  if (typeOf(call.env, call[0]) == napi_string) {
    return makeScript(call.env, torch::jit::load(toString(call.env, call[0]), device)._ivalue());
  }
  const TypedArray bytes = typedArray(call.env, call[0]);
  std::istringstream stream(std::string(static_cast<const char*>(bytes.data), bytes.length));
  return makeScript(call.env, torch::jit::load(stream, device)._ivalue());
}

// scriptSave(module, path): to a file, or with null for the path as an ArrayBuffer.
napi_value scriptSave(const Call& call) {
  if (!isNullish(call.env, call[1])) {
    moduleOf(call, 0).save(toString(call.env, call[1]));
    return nullptr;
  }
  std::ostringstream stream;
  moduleOf(call, 0).save(stream);
  const std::string bytes = stream.str();
  napi_value buffer;
  void* data = nullptr;
  check(call.env, napi_create_arraybuffer(call.env, bytes.size(), &data, &buffer));
  std::copy(bytes.begin(), bytes.end(), static_cast<char*>(data));
  return buffer;
}

// scriptName(object): the class it was made of, in Python.
napi_value scriptName(const Call& call) {
  const auto name = getScript(call.env, call[0])->type()->name();
  return fromString(call.env, name ? name->name() : "");
}

// scriptIdentity(object or tensor): a number that stands for it as long as it lives.
napi_value scriptIdentity(const Call& call) {
  const void* pointer = nullptr;
  if (auto* handle = asTensor(call.env, call[0])) pointer = handle->tensor.unsafeGetTensorImpl();
  else pointer = getScript(call.env, call[0]).get();
  return fromInt(call.env, reinterpret_cast<int64_t>(pointer));
}

// scriptSlots(object) → [name, 'parameter' | 'buffer' | 'module' | 'attribute'][]
napi_value scriptSlots(const Call& call) {
  const auto type = getScript(call.env, call[0])->type();
  return makeArray(call.env, type->numAttributes(), [&](uint32_t i) {
    const char* kind = type->is_parameter(i)                     ? "parameter"
                       : type->is_buffer(i)                      ? "buffer"
                       : type->getAttribute(i)->is_module()      ? "module"
                                                                 : "attribute";
    return makeArray(call.env, 2, [&](uint32_t part) {
      return fromString(call.env, part == 0 ? type->getAttributeName(i) : kind);
    });
  });
}

// scriptConstants(object): the names of what TorchScript has made constant.
napi_value scriptConstants(const Call& call) {
  const auto type = getScript(call.env, call[0])->type();
  return makeArray(call.env, type->numConstants(),
                   [&](uint32_t i) { return fromString(call.env, type->getConstantName(i)); });
}

// scriptGet(object, name)
napi_value scriptGet(const Call& call) {
  const auto& object = getScript(call.env, call[0]);
  const std::string name = toString(call.env, call[1]);
  if (const auto constant = object->type()->findConstant(name)) {
    return fromScriptValue(call.env, *constant);
  }
  return fromScriptValue(call.env, object->getAttr(name));
}

// scriptSet(object, name, value)
napi_value scriptSet(const Call& call) {
  const auto& object = getScript(call.env, call[0]);
  const std::string name = toString(call.env, call[1]);
  const auto type = object->type()->getAttribute(name);
  Object(object).setattr(name, toScriptValue(call.env, call[2], type));
  return nullptr;
}

bool takesDict(const c10::TypePtr& type) {
  switch (type->kind()) {
    case c10::TypeKind::DictType:
    case c10::TypeKind::AnyType:
    case c10::TypeKind::UnionType:
      return true;
    case c10::TypeKind::OptionalType:
      return takesDict(type->castRaw<c10::OptionalType>()->getElementType());
    default:
      return false;
  }
}

// scriptMethods(object) → [name, the names of its arguments, whether each may be a dict][]
napi_value scriptMethods(const Call& call) {
  const auto& methods = getScript(call.env, call[0])->type()->methods();
  return makeArray(call.env, methods.size(), [&](uint32_t m) {
    const auto& arguments = methods[m]->getSchema().arguments();
    return makeArray(call.env, 3, [&](uint32_t part) {
      if (part == 0) return fromString(call.env, methods[m]->name());
      return makeArray(call.env, arguments.size() - 1, [&](uint32_t i) {
        const auto& argument = arguments[i + 1];
        if (part == 1) return fromString(call.env, argument.name());
        return fromBool(call.env, takesDict(argument.type()));
      });
    });
  });
}

// scriptRun(object, method, arguments, names, values): the last two are the arguments by name.
napi_value scriptRun(const Call& call) {
  const auto& object = getScript(call.env, call[0]);
  auto& method = object->type()->getMethod(toString(call.env, call[1]));
  const auto& arguments = method.getSchema().arguments();
  torch::jit::Stack stack{object};
  const uint32_t count = arrayLength(call.env, call[2]);
  for (uint32_t i = 0; i < count; i++) {
    const auto type = i + 1 < arguments.size() ? arguments[i + 1].type() : nullptr;
    stack.push_back(toScriptValue(call.env, element(call.env, call[2], i), type));
  }
  torch::jit::Kwargs named;
  const uint32_t names = arrayLength(call.env, call[3]);
  for (uint32_t i = 0; i < names; i++) {
    const std::string name = toString(call.env, element(call.env, call[3], i));
    const auto place = method.getSchema().argumentIndexWithName(name);
    const auto type = place ? arguments[*place].type() : nullptr;
    named[name] = toScriptValue(call.env, element(call.env, call[4], i), type);
  }
  return fromScriptValue(call.env, method(std::move(stack), named));
}

// scriptText(object, method): the program of a method.
napi_value scriptText(const Call& call) {
  const Module module = moduleOf(call, 0);
  return fromString(call.env, module.get_method(toString(call.env, call[1])).graph()->toString(false));
}

// scriptCopy(module): with tensors of its own.
napi_value scriptCopy(const Call& call) {
  return makeScript(call.env, moduleOf(call, 0).deepcopy()._ivalue());
}

// scriptFreeze(module, preserved, optimizeNumerics)
napi_value scriptFreeze(const Call& call) {
  std::vector<std::string> preserved;
  const uint32_t count = arrayLength(call.env, call[1]);
  for (uint32_t i = 0; i < count; i++) preserved.push_back(toString(call.env, element(call.env, call[1], i)));
  return makeScript(call.env, torch::jit::freeze(moduleOf(call, 0), preserved, toBool(call.env, call[2]))._ivalue());
}

}  // namespace

void addScript(napi_env env, napi_value exports) {
  add(env, exports, "scriptLoad", scriptLoad);
  add(env, exports, "scriptSave", scriptSave);
  add(env, exports, "scriptName", scriptName);
  add(env, exports, "scriptIdentity", scriptIdentity);
  add(env, exports, "scriptSlots", scriptSlots);
  add(env, exports, "scriptConstants", scriptConstants);
  add(env, exports, "scriptGet", scriptGet);
  add(env, exports, "scriptSet", scriptSet);
  add(env, exports, "scriptMethods", scriptMethods);
  add(env, exports, "scriptRun", scriptRun);
  add(env, exports, "scriptText", scriptText);
  add(env, exports, "scriptCopy", scriptCopy);
  add(env, exports, "scriptFreeze", scriptFreeze);
}

}  // namespace tandem
