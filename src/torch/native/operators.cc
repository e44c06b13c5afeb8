// Every ATen operator through one generic call: arguments are converted by the operator's schema,
// overloads chosen as PyTorch's Python argument parser chooses them, and the dispatcher does the rest.
#include <ATen/core/dispatch/Dispatcher.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "exports.h"
#include "handle.h"

namespace tandem {
namespace {

// The types of arguments that nearly all calls have, bound without a second look at the schema.
enum class Plain { tensor, integer, number, boolean, other };

Plain plainKind(const c10::Argument& argument) {
  switch (argument.type()->kind()) {
    case c10::TypeKind::TensorType:
      return Plain::tensor;
    case c10::TypeKind::IntType:
      return argument.real_type()->kind() == c10::TypeKind::ScalarTypeType ||
                     argument.real_type()->kind() == c10::TypeKind::LayoutType ||
                     argument.real_type()->kind() == c10::TypeKind::MemoryFormatType
                 ? Plain::other
                 : Plain::integer;
    case c10::TypeKind::FloatType:
      return Plain::number;
    case c10::TypeKind::BoolType:
      return Plain::boolean;
    default:
      return Plain::other;
  }
}

struct Overload {
  c10::OperatorHandle op;
  std::vector<Plain> kinds;
  std::vector<std::string> names;  // of the arguments, in camelCase
  std::vector<uint32_t> ids;       // the numbers of the names under which options are given
  std::vector<int> places;         // in the list `out`, where an overload writes several; else −1
  size_t positional = 0;           // arguments that may be given by position
};

struct Packet {
  std::string name;
  bool numbersAsTensors = false;
  std::vector<Overload> overloads;
};

// Functions whose tensor arguments may be plain numbers; the list is that of PyTorch's argument
// parser (should_allow_numbers_as_tensors).
bool allowsNumbers(std::string name) {
  static const std::unordered_set<std::string> allowed = {
      "add", "sub", "mul", "div", "divide", "multiply", "subtract", "true_divide", "floor_divide",
      "to", "_to_copy", "copy", "_conj"};
  if (!name.empty() && name.back() == '_') name.pop_back();
  return allowed.count(name) > 0;
}

std::string camelCase(const std::string& snake) {
  std::string camel;
  for (size_t i = 0; i < snake.size(); i++) {
    if (snake[i] == '_' && i > 0 && i + 1 < snake.size()) {
      camel += static_cast<char>(std::toupper(snake[++i]));
    } else {
      camel += snake[i];
    }
  }
  return camel;
}

std::vector<std::string>& optionNames() {
  static std::vector<std::string> names;
  return names;
}

// The number of an option's name.
uint32_t idOf(const std::string& name) {
  static std::unordered_map<std::string, uint32_t> ids;
  const auto [entry, added] = ids.try_emplace(name, static_cast<uint32_t>(ids.size()));
  if (added) optionNames().push_back(name);
  return entry->second;
}

// optionId(name): options are given by number, which spares the reading of properties.
napi_value optionId(const Call& call) {
  napi_value id;
  check(call.env, napi_create_uint32(call.env, idOf(toString(call.env, call[0])), &id));
  return id;
}

Overload makeOverload(const c10::OperatorHandle& op) {
  Overload overload{op};
  const auto& arguments = op.schema().arguments();
  const bool several = std::count_if(arguments.begin(), arguments.end(),
                                     [](const auto& argument) { return argument.is_out(); }) > 1;
  int place = 0;
  for (const auto& argument : arguments) {
    const bool listed = several && argument.is_out();
    overload.kinds.push_back(plainKind(argument));
    overload.names.push_back(listed ? "out" : camelCase(argument.name()));
    overload.ids.push_back(idOf(overload.names.back()));
    overload.places.push_back(listed ? place++ : -1);
    if (!argument.kwarg_only()) overload.positional++;
  }
  return overload;
}

// The options of a call: numbers of their names, and values.
struct Options {
  uint32_t count = 0;
  std::array<uint32_t, maxArguments> ids;
  std::array<napi_value, maxArguments> values;

  napi_value find(uint32_t id) const {
    for (uint32_t i = 0; i < count; i++) {
      if (ids[i] == id) return values[i];
    }
    return nullptr;
  }
};

// The options come in one array: number, value, number, value, …
Options readOptions(const Call& call) {
  Options options;
  if (isNullish(call.env, call[1])) return options;
  uint32_t length = 0;
  check(call.env, napi_get_array_length(call.env, call[1], &length));
  if (length / 2 > maxArguments) throw JsError("TypeError", "too many options");
  for (uint32_t i = 0; i + 1 < length; i += 2, options.count++) {
    napi_value id;
    check(call.env, napi_get_element(call.env, call[1], i, &id));
    check(call.env, napi_get_value_uint32(call.env, id, &options.ids[options.count]));
    check(call.env, napi_get_element(call.env, call[1], i + 1, &options.values[options.count]));
  }
  return options;
}

std::vector<Packet>& packets() {
  static std::vector<Packet> all;
  return all;
}

// packet(name, overloadNames) → an id for call(). The overloads are tried in the order given.
napi_value packet(const Call& call) {
  static std::unordered_map<std::string, uint32_t> known;
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
  auto [entry, added] = known.try_emplace(key, static_cast<uint32_t>(packets().size()));
  if (added) {
    Packet made{name, allowsNumbers(name.substr(name.rfind(':') + 1))};
    try {
      for (const auto& overload : overloadNames) {
        made.overloads.push_back(makeOverload(
            c10::Dispatcher::singleton().findSchemaOrThrow(name.c_str(), overload.c_str())));
      }
    } catch (...) {
      known.erase(key);
      throw;
    }
    packets().push_back(std::move(made));
  }
  napi_value id;
  check(call.env, napi_create_uint32(call.env, entry->second, &id));
  return id;
}

// overloads(name) → the overload names that the dispatcher knows for an operator.
napi_value overloads(const Call& call) {
  const std::string name = toString(call.env, call[0]);
  napi_value array;
  check(call.env, napi_create_array(call.env, &array));
  uint32_t i = 0;
  for (const auto& op : c10::Dispatcher::singleton().getAllOpNames()) {
    if (op.name == name) {
      napi_set_element(call.env, array, i++, fromString(call.env, op.overload_name));
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
    napi_set_element(call.env, array, i++, fromString(call.env, toString(op->schema())));
  }
  return array;
}

// The values of one call, bound to the arguments of an overload; absent ones are nullptr.
struct Bound {
  std::array<napi_value, maxArguments> values;
  napi_value varargs = nullptr;  // x.view(2, 3): the numbers gathered into one list
};

enum class Fit { yes, tooMany, missing, unknownOption, wrongType };

struct Verdict {
  Fit fit = Fit::yes;
  size_t argument = 0;
};

bool isAbsent(napi_env env, napi_value value) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  return type == napi_undefined;
}

bool isIntList(const c10::Argument& argument) {
  auto type = argument.type();
  return type->kind() == c10::TypeKind::ListType &&
         type->castRaw<c10::ListType>()->getElementType()->kind() == c10::TypeKind::IntType;
}

// call(id, options, ...arguments): where several numbers stand for one list of them.
bool gathersNumbers(const Call& call, const Overload& overload, size_t given) {
  const auto& arguments = overload.op.schema().arguments();
  const size_t first = !arguments.empty() && arguments[0].name() == "self" ? 1 : 0;
  if (overload.positional != first + 1 || given <= first || !isIntList(arguments[first])) {
    return false;
  }
  napi_valuetype type;
  napi_typeof(call.env, call[2 + first], &type);
  return (type == napi_number || type == napi_bigint) && !arguments[first].N();
}

// The element of the list `out` that an argument is, or nullptr.
napi_value elementOf(napi_env env, napi_value list, uint32_t place) {
  bool array = false;
  napi_is_array(env, list, &array);
  if (!array) return nullptr;
  napi_value value;
  check(env, napi_get_element(env, list, place, &value));
  return value;
}

Verdict bind(const Call& call, const Options& options, const Packet& packet,
             const Overload& overload, Bound& bound) {
  const auto& arguments = overload.op.schema().arguments();
  size_t given = call.count - 2;
  while (given > 0 && isAbsent(call.env, call[2 + given - 1])) given--;
  const bool gathers = gathersNumbers(call, overload, given);
  if (given > overload.positional && !gathers) return {Fit::tooMany, given};

  uint32_t used = 0;
  for (size_t i = 0; i < arguments.size(); i++) {
    napi_value value = nullptr;
    if (gathers && i == overload.positional - 1) {
      check(call.env, napi_create_array_with_length(call.env, given - i, &value));
      for (size_t j = i; j < given; j++) {
        napi_set_element(call.env, value, j - i, call[2 + j]);
      }
    } else if (i < given && i < overload.positional) {
      value = isAbsent(call.env, call[2 + i]) ? nullptr : call[2 + i];
    }
    if (napi_value option = options.count > 0 ? options.find(overload.ids[i]) : nullptr) {
      if (overload.places[i] <= 0) used++;
      if (overload.places[i] >= 0) option = elementOf(call.env, option, overload.places[i]);
      if (!option) return {Fit::wrongType, i};
      if (!isAbsent(call.env, option)) {
        if (value) return {Fit::tooMany, i};
        value = option;
      }
    }
    if (!value) {
      if (!arguments[i].default_value() &&
          arguments[i].type()->kind() != c10::TypeKind::OptionalType) {
        return {Fit::missing, i};
      }
    } else if (!accepts(call.env, value, arguments[i], packet.numbersAsTensors && i > 0)) {
      return {Fit::wrongType, i};
    }
    bound.values[i] = value;
  }
  if (used < options.count) return {Fit::unknownOption, 0};
  return {};
}

// The names of the options that no argument has, for the error message.
std::string unknownOptions(const Options& options, const Overload& overload) {
  std::string unknown;
  for (uint32_t i = 0; i < options.count; i++) {
    const auto& ids = overload.ids;
    if (std::find(ids.begin(), ids.end(), options.ids[i]) == ids.end()) {
      unknown += (unknown.empty() ? "'" : ", '") + optionNames()[options.ids[i]] + "'";
    }
  }
  return unknown;
}

std::string describe(napi_env env, napi_value value) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  bool array = false;
  napi_is_array(env, value, &array);
  if (array) return "an array";
  switch (type) {
    case napi_external:
      return asHandle(env, value, Kind::tensor) ? "a Tensor" : "a native object";
    case napi_number: {
      double number = 0;
      napi_get_value_double(env, value, &number);
      return std::trunc(number) == number ? "an integer" : "a number";
    }
    case napi_string:
      return "the string '" + toString(env, value) + "'";
    case napi_boolean:
      return "a boolean";
    case napi_null:
      return "null";
    case napi_bigint:
      return "a bigint";
    case napi_function:
      return "a function";
    default:
      return "an object";
  }
}

std::string explain(const Call& call, const Options& options, const Overload& overload,
                    const Verdict& verdict) {
  const auto& schema = overload.op.schema();
  const std::string name = schema.name().substr(schema.name().rfind(':') + 1) + "(): ";
  switch (verdict.fit) {
    case Fit::tooMany:
      return name + "too many arguments (takes at most " + std::to_string(overload.positional) +
             " by position)";
    case Fit::missing:
      return name + "missing required argument '" + overload.names[verdict.argument] +
             "' (position " + std::to_string(verdict.argument + 1) + ")";
    case Fit::unknownOption:
      return name + "got an unexpected option " + unknownOptions(options, overload);
    default: {
      napi_value value = nullptr;
      if (verdict.argument < call.count - 2) value = call[2 + verdict.argument];
      if (!value || isAbsent(call.env, value)) value = options.find(overload.ids[verdict.argument]);
      return name + "argument '" + overload.names[verdict.argument] + "' must be " +
             schema.arguments()[verdict.argument].real_type()->str() + ", not " +
             describe(call.env, value);
    }
  }
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
        const Handle* handle = asHandle(call.env, value, Kind::tensor);
        if (handle && handle->tensor.defined()) {
          stack.emplace_back(handle->tensor);
        } else if (napi_valuetype type; numbers && i > 0 && !handle &&
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

napi_value finish(const Call& call, const Overload& overload, c10::Stack& stack);

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
      napi_set_named_property(call.env, result, camelCase(output.name()).c_str(), value);
    } else {
      napi_set_element(call.env, result, i, value);
    }
  }
  return result;
}

// call(id, options, ...arguments): runs the first overload that the arguments fit.
napi_value callOperator(const Call& call) {
  uint32_t id = 0;
  check(call.env, napi_get_value_uint32(call.env, call[0], &id));
  const Packet& packet = packets().at(id);
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
