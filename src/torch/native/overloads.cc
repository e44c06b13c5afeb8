#include "overloads.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "ivalues.h"

namespace tandem {
namespace {

Plain plainKind(const c10::Argument& argument) {
  switch (argument.type()->kind()) {
    case c10::TypeKind::TensorType:
      return Plain::tensor;
    case c10::TypeKind::IntType:
      return isNamedInt(argument.real_type()) ? Plain::other : Plain::integer;
    case c10::TypeKind::FloatType:
      return Plain::number;
    case c10::TypeKind::NumberType:
      return Plain::scalar;
    case c10::TypeKind::BoolType:
      return Plain::boolean;
    case c10::TypeKind::ListType:
      switch (elementType(argument.type())->kind()) {
        case c10::TypeKind::TensorType:
          return Plain::tensors;
        case c10::TypeKind::IntType:
          return isNamedInt(elementType(argument.real_type())) ? Plain::other : Plain::integers;
        default:
          return Plain::other;
      }
    default:
      return Plain::other;
  }
}

// Functions whose tensor arguments may be plain numbers; the list is that of PyTorch's argument
// parser (should_allow_numbers_as_tensors).
bool allowsNumbers(std::string name) {
  static const std::unordered_set<std::string> allowed = {
      "add", "sub", "mul", "div", "divide", "multiply", "subtract", "true_divide", "floor_divide",
      "to", "_to_copy", "copy", "_conj"};
  if (!name.empty() && name.back() == '_') name.pop_back();
  return allowed.count(name) > 0;
}

}  // namespace

Overload Registry::makeOverload(const c10::OperatorHandle& op) {
  Overload overload{op};
  overload.direct = directOperator(op);
  const auto& arguments = op.schema().arguments();
  const bool several = std::count_if(arguments.begin(), arguments.end(),
                                     [](const auto& argument) { return argument.is_out(); }) > 1;
  int place = 0;
  for (const auto& argument : arguments) {
    const bool listed = several && argument.is_out();
    overload.kinds.push_back(plainKind(argument));
    overload.names.push_back(listed ? "out" : camelCase(argument.name()));
    overload.ids.push_back(optionNumber(overload.names.back()));
    overload.places.push_back(listed ? place++ : -1);
    if (!argument.kwarg_only()) overload.positional++;
  }
  const size_t first = !arguments.empty() && arguments[0].name() == "self" ? 1 : 0;
  overload.gathers = overload.positional == first + 1 && overload.kinds[first] == Plain::integers && !arguments[first].N();
  const auto has = [&](const auto& test) { return std::any_of(arguments.begin(), arguments.end(), test); };
  overload.isFactory = has([](const auto& argument) { return argument.name() == "pin_memory"; }) &&
                       !has([](const auto& argument) { return argument.type()->kind() == c10::TypeKind::TensorType; });
  const auto& returns = op.schema().returns();
  if (returns.size() > 1 && !returns[0].name().empty()) {
    overload.resultNames = static_cast<int64_t>(resultNames.size());
    auto& names = resultNames.emplace_back();
    for (const auto& output : returns) names.push_back(camelCase(output.name()));
  }
  return overload;
}

std::string withoutNamespace(const std::string& name) { return name.substr(name.rfind(':') + 1); }

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

uint32_t Registry::optionNumber(const std::string& name) {
  const auto [entry, added] =
      optionNumbers.try_emplace(name, static_cast<uint32_t>(optionNames.size()));
  if (added) optionNames.push_back(name);
  return entry->second;
}

uint32_t Registry::packetNumber(const std::string& key, const std::string& name,
                                const std::vector<std::string>& overloadNames) {
  if (const auto found = packetNumbers.find(key); found != packetNumbers.end()) return found->second;
  Packet made{name, allowsNumbers(withoutNamespace(name))};
  for (const auto& overload : overloadNames) {
    made.overloads.push_back(makeOverload(
        c10::Dispatcher::singleton().findSchemaOrThrow(name.c_str(), overload.c_str())));
  }
  packets.push_back(std::move(made));
  return packetNumbers[key] = static_cast<uint32_t>(packets.size() - 1);
}

}  // namespace tandem
