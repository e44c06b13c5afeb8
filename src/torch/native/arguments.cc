#include "arguments.h"

#include <algorithm>
#include <cmath>

#include "handle.h"

namespace tandem {
namespace {

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

// The names of the options that no argument has, for the error message.
std::string unknownOptions(const Registry& registry, const Options& options,
                           const Overload& overload) {
  std::string unknown;
  for (uint32_t i = 0; i < options.count; i++) {
    const auto& ids = overload.ids;
    if (std::find(ids.begin(), ids.end(), options.ids[i]) == ids.end()) {
      unknown += (unknown.empty() ? "'" : ", '") + registry.optionName(options.ids[i]) + "'";
    }
  }
  return unknown;
}

}  // namespace

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

bool isAbsent(napi_env env, napi_value value) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  return type == napi_undefined;
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
        setElement(call.env, value, j - i, call[2 + j]);
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
    } else if (!accepts(call.env, value, arguments[i], packet.numbersAsTensors)) {
      return {Fit::wrongType, i};
    }
    bound.values[i] = value;
  }
  if (used < options.count) return {Fit::unknownOption, 0};
  return {};
}

std::string describe(napi_env env, napi_value value) {
  napi_valuetype type;
  napi_typeof(env, value, &type);
  bool array = false;
  napi_is_array(env, value, &array);
  if (array) return "an array";
  switch (type) {
    case napi_external:
      return asTensor(env, value) ? "a Tensor" : "a native object";
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
      return name + "got an unexpected option " + unknownOptions(call.environment.registry, options, overload);
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

}  // namespace tandem
