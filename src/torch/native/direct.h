// Operators whose arguments and result are of the commonest types are called as C++ calls them, without the stack of
// boxed values, which costs a tenth of a small operator's time.
#pragma once
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <optional>
#include <string_view>
#include <variant>

namespace tandem {

template <typename... Signatures>
using Direct = std::variant<std::monostate, c10::TypedOperatorHandle<Signatures>...>;

using Operand = const at::Tensor&;
using MaybeOperand = const std::optional<at::Tensor>&;
using Number = const at::Scalar&;

// An operator by its C++ signature, if that is one of these.
using DirectOperator = Direct<
    // relu, mul, linear, lerp
    at::Tensor(Operand), at::Tensor(Operand, Operand), at::Tensor(Operand, Operand, MaybeOperand),
    at::Tensor(Operand, Operand, Operand),
    // add, pow, addcmul
    at::Tensor(Operand, Operand, Number), at::Tensor(Operand, Number),
    at::Tensor(Operand, Operand, Operand, Number),
    // unsqueeze, index_select, transpose, mse_loss
    at::Tensor(Operand, int64_t), at::Tensor(Operand, int64_t, Operand),
    at::Tensor(Operand, int64_t, int64_t), at::Tensor(Operand, Operand, int64_t),
    // cat, stack, div with a rounding mode, log_softmax
    at::Tensor(const at::ITensorListRef&, int64_t), at::Tensor(at::TensorList, int64_t),
    at::Tensor(Operand, Operand, std::optional<std::string_view>),
    at::Tensor(Operand, int64_t, std::optional<at::ScalarType>),
    // gru_cell
    at::Tensor(Operand, Operand, Operand, Operand, MaybeOperand, MaybeOperand),
    // relu_, mul_, add_, lerp_, addcmul_
    at::Tensor&(at::Tensor&), at::Tensor&(at::Tensor&, Operand), at::Tensor&(at::Tensor&, Operand, Number),
    at::Tensor&(at::Tensor&, Operand, Operand), at::Tensor&(at::Tensor&, Number),
    at::Tensor&(at::Tensor&, Operand, Operand, Number)>;

DirectOperator directOperator(const c10::OperatorHandle& op);

}  // namespace tandem
