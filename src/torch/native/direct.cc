#include "direct.h"

#include <string>

namespace tandem {
namespace {

// The types of a signature in letters: as C++ has them, and as a schema has them.
template <typename T>
constexpr char letter = '\0';
template <>
constexpr char letter<at::Tensor> = 't';
template <>
constexpr char letter<Operand> = 't';
template <>
constexpr char letter<at::Tensor&> = 'w';
template <>
constexpr char letter<MaybeOperand> = '?';
template <>
constexpr char letter<Number> = 'n';
template <>
constexpr char letter<int64_t> = 'i';
template <>
constexpr char letter<at::TensorList> = 'l';
template <>
constexpr char letter<const at::ITensorListRef&> = 'l';
template <>
constexpr char letter<std::optional<std::string_view>> = 's';
template <>
constexpr char letter<std::optional<at::ScalarType>> = 'd';

char letterOf(const c10::Argument& argument) {
  const auto& type = argument.real_type();
  switch (type->kind()) {
    case c10::TypeKind::TensorType:
      return argument.alias_info() && argument.alias_info()->isWrite() ? 'w' : 't';
    case c10::TypeKind::NumberType:
      return 'n';
    case c10::TypeKind::IntType:
      return 'i';
    case c10::TypeKind::ListType:
      return type->castRaw<c10::ListType>()->getElementType()->kind() == c10::TypeKind::TensorType ? 'l' : ' ';
    case c10::TypeKind::OptionalType:
      switch (type->castRaw<c10::OptionalType>()->getElementType()->kind()) {
        case c10::TypeKind::TensorType:
          return '?';
        case c10::TypeKind::StringType:
          return 's';
        case c10::TypeKind::ScalarTypeType:
          return 'd';
        default:
          return ' ';
      }
    default:
      return ' ';
  }
}

template <typename Return, typename... Args>
bool tryOne(const c10::OperatorHandle& op, const std::string& letters, DirectOperator& found,
            c10::TypedOperatorHandle<Return(Args...)>*) {
  const char own[] = {letter<Return>, letter<Args>..., '\0'};
  if (letters != own) return false;
  try {
    found = op.typed<Return(Args...)>();
    return true;
  } catch (const c10::Error&) {
    // Its C++ signature is another one with the same letters, or not what the schema suggests.
    return false;
  }
}

template <typename... Typed>
void tryAll(const c10::OperatorHandle& op, const std::string& letters,
            std::variant<std::monostate, Typed...>& found) {
  (tryOne(op, letters, found, static_cast<Typed*>(nullptr)) || ...);
}

}  // namespace

DirectOperator directOperator(const c10::OperatorHandle& op) {
  DirectOperator found;
  const auto& schema = op.schema();
  if (schema.returns().size() != 1) return found;
  std::string letters{letterOf(schema.returns()[0])};
  for (const auto& argument : schema.arguments()) {
    if (argument.is_out()) return found;
    letters += letterOf(argument);
  }
  tryAll(op, letters, found);
  return found;
}

}  // namespace tandem
