#include "arguments.h"

#include <algorithm>
#include <cmath>

#include "handle.h"
#include "ivalues.h"

namespace tandem {
namespace {

// call(id, options, ...arguments): where several numbers stand for one list of them.
bool gathersNumbers(const Call& call, const Overload& overload, size_t given) {
  if (!overload.gathers || given < overload.positional) return false;
  const napi_valuetype type = typeOf(call.env, call[1 + overload.positional]);
  return type == napi_number || type == napi_bigint;
}

bool knows(const Overload& overload, uint32_t option) {
  return std::find(overload.ids.begin(), overload.ids.end(), option) != overload.ids.end();
}

// The names of the options that no argument has, for the error message.
std::string unknownOptions(const Registry& registry, const Options& options,
                           const Overload& overload) {
  std::string unknown;
  for (uint32_t i = 0; i < options.count; i++) {
    if (!knows(overload, options.ids[i])) {
      unknown += (unknown.empty() ? "'" : ", '") + registry.optionName(options.ids[i]) + "'";
    }
  }
  return unknown;
}

}  // namespace

Options readOptions(const Call& call) {
  Options options;
  if (isNullish(call.env, call[1])) return options;
  const uint32_t length = arrayLength(call.env, call[1]);
  if (length / 2 > maxArguments) throw JsError("TypeError", "too many options");
  for (uint32_t i = 0; i + 1 < length; i += 2, options.count++) {
    options.ids[options.count] = toUint32(call.env, element(call.env, call[1], i));
    options.values[options.count] = element(call.env, call[1], i + 1);
  }
  return options;
}

bool knowsAll(const Overload& overload, const Options& options) {
  for (uint32_t i = 0; i < options.count; i++) {
    if (!knows(overload, options.ids[i])) return false;
  }
  return true;
}

Verdict bind(const Call& call, const Options& options, const Packet& packet,
             const Overload& overload, Bound& bound) {
  const auto& arguments = overload.op.schema().arguments();
  size_t given = call.count - 2;
  while (given > 0 && isUndefined(call.env, call[2 + given - 1])) given--;
  const bool gathers = gathersNumbers(call, overload, given);
  if (given > overload.positional && !gathers) return {Fit::tooMany, given};

  uint32_t used = 0;
  for (size_t i = 0; i < arguments.size(); i++) {
    napi_value value = nullptr;
    if (gathers && i == overload.positional - 1) {
      value = makeArray(call.env, given - i, [&](uint32_t j) { return call[2 + i + j]; });
    } else if (i < given && i < overload.positional) {
      value = isUndefined(call.env, call[2 + i]) ? nullptr : call[2 + i];
    }
    if (napi_value option = options.count > 0 ? options.find(overload.ids[i]) : nullptr) {
      if (overload.places[i] <= 0) used++;
      if (overload.places[i] >= 0) {
        if (!isArray(call.env, option)) return {Fit::wrongType, i};
        option = element(call.env, option, overload.places[i]);
      }
      if (!isUndefined(call.env, option)) {
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
  if (isArray(env, value)) return "an array";
  switch (typeOf(env, value)) {
    case napi_external:
      return asTensor(env, value) ? "a Tensor" : "a native object";
    case napi_number: {
      const double number = toDouble(env, value);
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
  const std::string name = withoutNamespace(schema.name()) + "(): ";
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
      if (!value || isUndefined(call.env, value)) value = options.find(overload.ids[verdict.argument]);
      return name + "argument '" + overload.names[verdict.argument] + "' must be " +
             schema.arguments()[verdict.argument].real_type()->str() + ", not " +
             describe(call.env, value);
    }
  }
}

}  // namespace tandem
