// Every ATen operator through one generic call: arguments are converted by the operator's schema,
// overloads chosen as PyTorch's Python argument parser chooses them, and the dispatcher does the rest.
#include <ATen/core/LegacyTypeDispatch.h>

#include <cmath>
#include <tuple>

#include "arguments.h"
#include "handle.h"
#include "ivalues.h"
#include "values.h"

namespace tandem {
namespace {

napi_value fromStrings(napi_env env, const std::vector<std::string>& texts) {
  return makeArray(env, texts.size(), [&](uint32_t i) { return fromString(env, texts[i]); });
}

// packet(name, overloadNames) → the operator's number, four times which is its id for call(). The overloads are tried in the order given.
napi_value packet(const Call& call) {
  const std::string name = toString(call.env, call[0]);
  const uint32_t count = arrayLength(call.env, call[1]);
  std::string key = name;
  std::vector<std::string> overloadNames;
  for (uint32_t i = 0; i < count; i++) {
    overloadNames.push_back(toString(call.env, element(call.env, call[1], i)));
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
  std::vector<std::string> found;
  for (const auto& op : c10::Dispatcher::singleton().getAllOpNames()) {
    if (op.name == name) found.push_back(op.overload_name);
  }
  return fromStrings(call.env, found);
}

// schemas() → the schema of every ATen operator, as text.
napi_value schemas(const Call& call) {
  std::vector<std::string> found;
  for (const auto& name : c10::Dispatcher::singleton().getAllOpNames()) {
    if (name.name.rfind("aten::", 0) != 0) continue;
    const auto op = c10::Dispatcher::singleton().findSchema(name);
    if (op && op->hasSchema()) found.push_back(toString(op->schema()));
  }
  return fromStrings(call.env, found);
}

// The stack of one call: its memory is that of a call before.
struct BorrowedStack {
  explicit BorrowedStack(Environment& environment) : environment(environment) {
    values.swap(environment.spareStack);
  }
  ~BorrowedStack() {
    values.clear();
    values.swap(environment.spareStack);
  }
  BorrowedStack(const BorrowedStack&) = delete;
  BorrowedStack& operator=(const BorrowedStack&) = delete;
  Environment& environment;
  c10::Stack values;
};

// resultNames(number): the names of the results that call() gave with that number in front.
napi_value resultNames(const Call& call) {
  return fromStrings(call.env, call.environment.registry.namesOfResults(toInt(call.env, call[0])));
}

// call(id, …): the operator's number and two bits.
struct Wanted {
  explicit Wanted(uint32_t id) : packet(id >> 2), ignoresResult(id & 2), hasOptions(id & 1) {}
  uint32_t packet;
  bool ignoresResult;
  bool hasOptions;
};

napi_value oneTensor(const Call& call, at::Tensor tensor) {
  call.environment.result = tensor.defined() ? Outcome::tensor : Outcome::other;
  return makeTensor(call.env, std::move(tensor));
}

// Calls the operator with its arguments on the stack, and gives its results.
napi_value finish(const Call& call, const Overload& overload, const Wanted& wanted, c10::Stack& stack) {
  const auto& schema = overload.op.schema();
  if (overload.isFactory) {
    // As Python calls it (torch::zeros() and its like), so that a tensor's version does not count how it was filled.
    const at::AutoDispatchBelowADInplaceOrView below;
    overload.op.callBoxed(stack);
  } else {
    overload.op.callBoxed(stack);
  }
  if (stack.empty() || wanted.ignoresResult) return nullptr;
  if (stack.size() == 1) {
    if (stack[0].isTensor()) return oneTensor(call, std::move(stack[0]).toTensor());
    return fromIValue(call.env, stack[0], schema.returns()[0].real_type());
  }
  const auto output = [&](size_t i) {
    return fromIValue(call.env, stack[i], schema.returns()[i].real_type());
  };
  if (overload.resultNames < 0) return makeArray(call.env, stack.size(), output);
  call.environment.result = Outcome::named;
  return makeArray(call.env, stack.size() + 1, [&](uint32_t i) {
    return i == 0 ? fromInt(call.env, overload.resultNames) : output(i - 1);
  });
}

// How the arguments of a call are held while it runs, as hooks may dispose of what they come from.
template <typename T>
struct HeldAs {
  using Type = std::remove_cv_t<std::remove_reference_t<T>>;
};
template <>
struct HeldAs<at::TensorList> {
  using Type = std::vector<at::Tensor>;
};
template <>
struct HeldAs<const at::ITensorListRef&> {
  using Type = std::vector<at::Tensor>;
};
template <>
struct HeldAs<std::optional<std::string_view>> {
  using Type = std::optional<std::string>;
};
template <typename T>
using Held = typename HeldAs<T>::Type;

// read(): an argument of the commonest form of its type. False for any other, of which the full binding finds out whether
// it fits and, if not, what is wrong.
bool read(const Call& call, napi_value value, bool numbers, at::Tensor& held) {
  const TensorHandle* handle = asTensor(call.env, value);
  if (handle && handle->tensor.defined()) {
    held = handle->tensor;
    return true;
  }
  if (!numbers || handle || typeOf(call.env, value) != napi_number) return false;
  held = numberTensor(call.env, value);
  return true;
}
bool read(const Call& call, napi_value value, bool, double& held) {
  return napi_get_value_double(call.env, value, &held) == napi_ok;
}
bool read(const Call& call, napi_value value, bool, at::Scalar& held) {
  double number = 0;
  if (napi_get_value_double(call.env, value, &number) != napi_ok) return false;
  held = toScalar(number);
  return true;
}
bool read(const Call& call, napi_value value, bool, int64_t& held) {
  double number = 0;
  if (napi_get_value_double(call.env, value, &number) != napi_ok) return false;
  if (std::trunc(number) != number || std::abs(number) > maxSafeInteger) return false;
  held = static_cast<int64_t>(number);
  return true;
}
bool read(const Call& call, napi_value value, bool, bool& held) {
  return napi_get_value_bool(call.env, value, &held) == napi_ok;
}
bool read(const Call& call, napi_value value, bool, std::string& held) {
  if (typeOf(call.env, value) != napi_string) return false;
  held = toString(call.env, value);
  return true;
}
template <typename T>
bool read(const Call& call, napi_value value, bool, std::vector<T>& held) {
  if (!isArray(call.env, value)) return false;
  held.resize(arrayLength(call.env, value));
  for (uint32_t i = 0; i < held.size(); i++) {
    if (!read(call, element(call.env, value, i), false, held[i])) return false;
  }
  return true;
}
template <typename T>
bool read(const Call& call, napi_value value, bool, std::optional<T>& held) {
  return isNull(call.env, value) || read(call, value, false, held.emplace());
}
// Only null: its name is for the full binding.
bool read(const Call& call, napi_value value, bool, std::optional<at::ScalarType>&) { return isNull(call.env, value); }

template <typename T>
bool push(const Call& call, napi_value value, bool numbers, c10::Stack& stack) {
  T held{};
  if (!read(call, value, numbers, held)) return false;
  stack.emplace_back(std::move(held));
  return true;
}

bool pushOne(const Call& call, napi_value value, const Overload& overload, bool numbers, size_t i, c10::Stack& stack) {
  switch (overload.kinds[i]) {
    case Plain::tensor:
      return push<at::Tensor>(call, value, numbers, stack);
    case Plain::tensors:
      return push<std::vector<at::Tensor>>(call, value, numbers, stack);
    case Plain::integer:
      return push<int64_t>(call, value, numbers, stack);
    case Plain::integers: {
      // One number stands for a list of known length.
      const auto length = overload.op.schema().arguments()[i].N();
      int64_t number = 0;
      if (!length || !read(call, value, false, number)) return push<std::vector<int64_t>>(call, value, numbers, stack);
      stack.emplace_back(std::vector<int64_t>(*length, number));
      return true;
    }
    case Plain::number:
      return push<double>(call, value, numbers, stack);
    case Plain::scalar:
      return push<at::Scalar>(call, value, numbers, stack);
    case Plain::boolean:
      return push<bool>(call, value, numbers, stack);
    case Plain::other: {
      const auto& argument = overload.op.schema().arguments()[i];
      if (isUndefined(call.env, value) || !accepts(call.env, value, argument, false)) {
        return false;
      }
      stack.push_back(toIValue(call.env, value, argument));
      return true;
    }
  }
  return false;
}

// Puts the arguments of a call on the stack in one pass; false where one is not of the commonest form.
bool pushPlain(const Call& call, const Options& options, const Overload& overload, bool numbers, c10::Stack& stack) {
  const auto& arguments = overload.op.schema().arguments();
  size_t given = call.count - 2;
  uint32_t used = 0;
  for (size_t i = 0; i < arguments.size(); i++) {
    if (i < given && i < overload.positional) {
      if (overload.gathers && i + 1 == overload.positional && typeOf(call.env, call[2 + i]) == napi_number) {
        std::vector<int64_t> gathered(given - i);
        for (size_t j = i; j < given; j++) {
          if (!read(call, call[2 + j], false, gathered[j - i])) return false;
        }
        stack.emplace_back(std::move(gathered));
        given = i + 1;
      } else if (!pushOne(call, call[2 + i], overload, numbers, i, stack)) {
        return false;
      }
    } else if (const napi_value option = options.count > 0 ? options.find(overload.ids[i]) : nullptr) {
      used++;
      if (!pushOne(call, option, overload, numbers, i, stack)) return false;
    } else if (const auto& standard = arguments[i].default_value()) {
      stack.push_back(*standard);
    } else {
      return false;
    }
  }
  return given <= overload.positional && used == options.count;
}

// The value of an argument that is not given by position: the option's of its name, or the schema's own.
template <typename T>
bool readRest(const Call& call, const Options& options, const Overload& overload, bool numbers, size_t i,
              T& held, uint32_t& used) {
  if (options.count > 0) {
    if (const napi_value option = options.find(overload.ids[i])) {
      used++;
      return read(call, option, numbers, held);
    }
  }
  const auto& standard = overload.op.schema().arguments()[i].default_value();
  if (!standard) return false;
  held = standard->template to<T>();
  return true;
}

template <typename Return, typename... Args, size_t... I>
bool callDirect(const Call& call, const Options& options, const Overload& overload, bool numbers,
                const Wanted& wanted, const c10::TypedOperatorHandle<Return(Args...)>& op, std::index_sequence<I...>,
                napi_value& result) {
  const size_t given = call.count - 2;
  if (given > sizeof...(Args) || given > overload.positional) return false;
  std::tuple<Held<Args>...> held;
  uint32_t used = 0;
  const bool fits = ((I < given ? read(call, call[2 + I], numbers, std::get<I>(held))
                                : readRest(call, options, overload, numbers, I, std::get<I>(held), used)) &&
                     ...);
  if (!fits || used < options.count) return false;
  if constexpr (std::is_reference_v<Return>) {
    const at::Tensor& changed = op.call(std::get<I>(held)...);
    if (!wanted.ignoresResult) result = oneTensor(call, changed);
  } else {
    at::Tensor made = op.call(std::get<I>(held)...);
    if (!wanted.ignoresResult) result = oneTensor(call, std::move(made));
  }
  return true;
}

// Calls an operator past the stack where its signature and the arguments allow it.
bool tryDirect(const Call& call, const Options& options, const Overload& overload, bool numbers,
               const Wanted& wanted, napi_value& result) {
  const auto tryTyped = [&]<typename Return, typename... Args>(
                            const c10::TypedOperatorHandle<Return(Args...)>& op) {
    return callDirect(call, options, overload, numbers, wanted, op, std::index_sequence_for<Args...>(), result);
  };
  return std::visit(
      [&](const auto& op) {
        if constexpr (std::is_same_v<std::decay_t<decltype(op)>, std::monostate>) {
          return false;
        } else {
          return tryTyped(op);
        }
      },
      overload.direct);
}

napi_value run(const Call& call, const Overload& overload, const Wanted& wanted, const Bound& bound) {
  const auto& schema = overload.op.schema();
  const auto& arguments = schema.arguments();
  BorrowedStack borrowed(call.environment);
  c10::Stack& stack = borrowed.values;
  for (size_t i = 0; i < arguments.size(); i++) {
    if (bound.values[i]) {
      stack.push_back(toIValue(call.env, bound.values[i], arguments[i]));
    } else if (arguments[i].default_value()) {
      stack.push_back(*arguments[i].default_value());
    } else {
      stack.emplace_back();
    }
  }
  return finish(call, overload, wanted, stack);
}

// call(id, options, ...arguments): runs the first overload that the arguments fit. The id's lowest bit says that
// options are given, the next that the result is not wanted. Several results come in an array; the number of their names
// is in front where they have names.
napi_value callOperator(const Call& call) {
  const Wanted wanted(toUint32(call.env, call[0]));
  const Packet& packet = call.environment.registry.packet(wanted.packet);
  const Options options = wanted.hasOptions ? readOptions(call) : Options{};
  for (const auto& overload : packet.overloads) {
    if (!knowsAll(overload, options)) continue;
    napi_value result = nullptr;
    if (tryDirect(call, options, overload, packet.numbersAsTensors, wanted, result)) return result;
    BorrowedStack borrowed(call.environment);
    if (pushPlain(call, options, overload, packet.numbersAsTensors, borrowed.values)) {
      return finish(call, overload, wanted, borrowed.values);
    }
    // Options, and plain numbers for tensors, decide between overloads only in the full binding.
    if (wanted.hasOptions || packet.numbersAsTensors) break;
  }
  Bound bound;
  Verdict first;
  for (size_t i = 0; i < packet.overloads.size(); i++) {
    const Verdict verdict = bind(call, options, packet, packet.overloads[i], bound);
    if (verdict.fit == Fit::yes) return run(call, packet.overloads[i], wanted, bound);
    if (i == 0) first = verdict;
  }
  if (packet.overloads.size() == 1) {
    throw JsError("TypeError", explain(call, options, packet.overloads[0], first) + "\n  " +
                                   toString(packet.overloads[0].op.schema()));
  }
  std::string message = withoutNamespace(packet.name) + "(): no overload takes these arguments:";
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
  add(env, exports, "resultNames", resultNames);
  add(env, exports, "call", callOperator);
}

}  // namespace tandem
