// Every ATen operator through one generic call: arguments are converted by the operator's schema,
// overloads chosen as PyTorch's Python argument parser chooses them, and the dispatcher does the rest.
#include <cmath>

#include "arguments.h"
#include "handle.h"

namespace tandem {
namespace {

// packet(name, overloadNames) → an id for call(). The overloads are tried in the order given.
napi_value packet(const Call& call) {
  const std::string name = toString(call.env, call[0]);
  uint32_t count = 0;
  check(call.env, napi_get_array_length(call.env, call[1], &count));
  std::string key = name;
  std::vector<std::string> overloadNames;
  for (uint32_t i = 0; i < count; i++) {
    napi_value value;
    check(call.env, napi_get_element(call.env, call[1], i, &value));
    overloadNames.push_back(toString(call.env, value));
    key += '.' + overloadNames.back();
  }
  return fromInt(call.env, call.environment.registry.packetNumber(key, name, overloadNames));
}

// optionId(name): the number under which an option of that name is given.
napi_value optionId(const Call& call) {
  return fromInt(call.env, call.environment.registry.optionNumber(toString(call.env, call[0])));
}

// overloads(name) → the overload names that the dispatcher knows for an operator.
napi_value overloads(const Call& call) {
  const std::string name = toString(call.env, call[0]);
  napi_value array;
  check(call.env, napi_create_array(call.env, &array));
  uint32_t i = 0;
  for (const auto& op : c10::Dispatcher::singleton().getAllOpNames()) {
    if (op.name == name) {
      setElement(call.env, array, i++, fromString(call.env, op.overload_name));
    }
  }
  return array;
}

// schemas() → the schema of every ATen operator, as text.
napi_value schemas(const Call& call) {
  napi_value array;
  check(call.env, napi_create_array(call.env, &array));
  uint32_t i = 0;
  for (const auto& name : c10::Dispatcher::singleton().getAllOpNames()) {
    if (name.name.rfind("aten::", 0) != 0) continue;
    const auto op = c10::Dispatcher::singleton().findSchema(name);
    if (!op || !op->hasSchema()) continue;
    setElement(call.env, array, i++, fromString(call.env, toString(op->schema())));
  }
  return array;
}

// Calls the operator with its arguments on the stack, and gives its results.
napi_value finish(const Call& call, const Overload& overload, c10::Stack& stack) {
  const auto& schema = overload.op.schema();
  overload.op.callBoxed(stack);
  if (stack.empty()) return nullptr;
  if (stack.size() == 1) {
    return fromIValue(call.env, stack[0], schema.returns()[0].real_type());
  }
  // Several results: named ones as an object in the schema's order, others as an array.
  const bool named = !schema.returns()[0].name().empty();
  napi_value result;
  check(call.env, named ? napi_create_object(call.env, &result)
                        : napi_create_array_with_length(call.env, stack.size(), &result));
  for (uint32_t i = 0; i < stack.size(); i++) {
    const auto& output = schema.returns()[i];
    const napi_value value = fromIValue(call.env, stack[i], output.real_type());
    if (named) {
      setProperty(call.env, result, camelCase(output.name()).c_str(), value);
    } else {
      setElement(call.env, result, i, value);
    }
  }
  return result;
}

// Puts the arguments of a call by position on the stack in one pass; false where one does not fit,
// or where the call needs the full binding.
bool pushPlain(const Call& call, const Overload& overload, bool numbers, c10::Stack& stack) {
  const auto& arguments = overload.op.schema().arguments();
  const size_t given = call.count - 2;
  if (given > overload.positional) return false;
  stack.reserve(std::max(arguments.size(), overload.op.schema().returns().size()));
  for (size_t i = 0; i < arguments.size(); i++) {
    if (i >= given) {
      const auto& standard = arguments[i].default_value();
      if (!standard) return false;
      stack.push_back(*standard);
      continue;
    }
    const napi_value value = call[2 + i];
    switch (overload.kinds[i]) {
      case Plain::tensor: {
        const TensorHandle* handle = asTensor(call.env, value);
        if (handle && handle->tensor.defined()) {
          stack.emplace_back(handle->tensor);
        } else if (napi_valuetype type; numbers && !handle &&
                   napi_typeof(call.env, value, &type) == napi_ok && type == napi_number) {
          stack.emplace_back(numberTensor(call.env, value));
        } else {
          return false;
        }
        break;
      }
      case Plain::integer: {
        double number = 0;
        if (napi_get_value_double(call.env, value, &number) != napi_ok) return false;
        if (std::trunc(number) != number || std::abs(number) > 9007199254740991.0) return false;
        stack.emplace_back(static_cast<int64_t>(number));
        break;
      }
      case Plain::number: {
        double number = 0;
        if (napi_get_value_double(call.env, value, &number) != napi_ok) return false;
        stack.emplace_back(number);
        break;
      }
      case Plain::boolean: {
        bool flag = false;
        if (napi_get_value_bool(call.env, value, &flag) != napi_ok) return false;
        stack.emplace_back(flag);
        break;
      }
      case Plain::other:
        if (isAbsent(call.env, value) || !accepts(call.env, value, arguments[i], false)) return false;
        stack.push_back(toIValue(call.env, value, arguments[i]));
    }
  }
  return true;
}

napi_value run(const Call& call, const Overload& overload, const Bound& bound) {
  const auto& schema = overload.op.schema();
  const auto& arguments = schema.arguments();
  c10::Stack stack;
  stack.reserve(std::max(arguments.size(), schema.returns().size()));
  for (size_t i = 0; i < arguments.size(); i++) {
    if (bound.values[i]) {
      stack.push_back(toIValue(call.env, bound.values[i], arguments[i]));
    } else if (arguments[i].default_value()) {
      stack.push_back(*arguments[i].default_value());
    } else {
      stack.emplace_back();
    }
  }
  return finish(call, overload, stack);
}

// call(id, options, ...arguments): runs the first overload that the arguments fit.
napi_value callOperator(const Call& call) {
  uint32_t id = 0;
  check(call.env, napi_get_value_uint32(call.env, call[0], &id));
  const Packet& packet = call.environment.registry.packet(id);
  const bool byPosition = isNullish(call.env, call[1]);
  if (byPosition) {
    for (const auto& overload : packet.overloads) {
      c10::Stack stack;
      if (pushPlain(call, overload, packet.numbersAsTensors, stack)) return finish(call, overload, stack);
      // Plain numbers for tensors decide between overloads only in the full binding.
      if (packet.numbersAsTensors) break;
    }
  }
  const Options options = readOptions(call);
  Bound bound;
  Verdict first;
  for (size_t i = 0; i < packet.overloads.size(); i++) {
    const Verdict verdict = bind(call, options, packet, packet.overloads[i], bound);
    if (verdict.fit == Fit::yes) return run(call, packet.overloads[i], bound);
    if (i == 0) first = verdict;
  }
  if (packet.overloads.size() == 1) {
    throw JsError("TypeError", explain(call, options, packet.overloads[0], first) + "\n  " +
                                   toString(packet.overloads[0].op.schema()));
  }
  std::string message = packet.name.substr(packet.name.rfind(':') + 1) +
                        "(): no overload takes these arguments:";
  for (size_t i = 2; i < call.count; i++) {
    message += (i > 2 ? ", " : " ") + describe(call.env, call[i]);
  }
  for (const auto& overload : packet.overloads) {
    const Verdict verdict = bind(call, options, packet, overload, bound);
    message += "\n  " + toString(overload.op.schema()) + "\n    " +
               explain(call, options, overload, verdict);
  }
  throw JsError("TypeError", message);
}

}  // namespace

void addOperators(napi_env env, napi_value exports) {
  add(env, exports, "packet", packet);
  add(env, exports, "overloads", overloads);
  add(env, exports, "schemas", schemas);
  add(env, exports, "optionId", optionId);
  add(env, exports, "call", callOperator);
}

}  // namespace tandem
