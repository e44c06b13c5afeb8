// Indexing as Python's brackets do it, in one call: libtorch's own walk over the indices.
#include <ATen/TensorIndexing.h>

#include <cmath>

#include "exports.h"
#include "handle.h"

namespace tandem {
namespace {

using at::indexing::TensorIndex;

// The codes of ../indexing.ts: each index is four numbers, its code and up to three bounds.
enum class Code { integer, slice, none, ellipsis, yes, no, tensor };
constexpr size_t width = 4;

std::optional<c10::SymInt> bound(double value) {
  if (std::isnan(value)) return std::nullopt;
  return c10::SymInt(static_cast<int64_t>(value));
}

// Reads the indices' numbers and the tensors among them.
std::vector<TensorIndex> readIndices(napi_env env, napi_value codes, napi_value tensors) {
  const TypedArray array = typedArray(env, codes);
  const double* numbers = static_cast<const double*>(array.data);
  std::vector<TensorIndex> indices;
  indices.reserve(array.length / width);
  uint32_t place = 0;
  for (size_t i = 0; i + width <= array.length; i += width) {
    switch (static_cast<Code>(numbers[i])) {
      case Code::integer:
        indices.emplace_back(static_cast<int64_t>(numbers[i + 1]));
        break;
      case Code::slice:
        indices.emplace_back(at::indexing::Slice(bound(numbers[i + 1]), bound(numbers[i + 2]),
                                                 bound(numbers[i + 3])));
        break;
      case Code::none:
        indices.emplace_back(at::indexing::None);
        break;
      case Code::ellipsis:
        indices.emplace_back(at::indexing::Ellipsis);
        break;
      case Code::yes:
        indices.emplace_back(true);
        break;
      case Code::no:
        indices.emplace_back(false);
        break;
      case Code::tensor:
        indices.emplace_back(getTensor(env, element(env, tensors, place++)));
        break;
    }
  }
  return indices;
}

// Indices without tensors that come again and again, by number.
std::vector<std::vector<TensorIndex>>& remembered() {
  static thread_local std::vector<std::vector<TensorIndex>> all;
  return all;
}

// rememberIndices(codes) → the number under which getKnownItem takes them, on this thread.
napi_value rememberIndices(const Call& call) {
  remembered().push_back(readIndices(call.env, call[0], nullptr));
  return fromInt(call.env, remembered().size() - 1);
}

// getKnownItem(tensor, number)
napi_value getKnownItem(const Call& call) {
  const auto& indices = remembered().at(toInt(call.env, call[1]));
  return makeTensor(call.env, at::indexing::get_item(getTensor(call.env, call[0]), indices));
}

// getItem(tensor, codes, tensors)
napi_value getItem(const Call& call) {
  const at::Tensor& self = getTensor(call.env, call[0]);
  const auto indices = readIndices(call.env, call[1], call[2]);
  return makeTensor(call.env, at::indexing::get_item(self, indices));
}

// setItem(tensor, codes, tensors, value): a tensor, or a number of any kind.
napi_value setItem(const Call& call) {
  const at::Tensor& self = getTensor(call.env, call[0]);
  const auto indices = readIndices(call.env, call[1], call[2]);
  const at::Tensor value =
      asTensor(call.env, call[3])
          ? getTensor(call.env, call[3])
          : at::indexing::scalarToTensor(toScalar(call.env, call[3]), self.options(), self.device());
  at::indexing::set_item(self, indices, value);
  return nullptr;
}

}  // namespace

void addIndexing(napi_env env, napi_value exports) {
  add(env, exports, "rememberIndices", rememberIndices);
  add(env, exports, "getKnownItem", getKnownItem);
  add(env, exports, "getItem", getItem);
  add(env, exports, "setItem", setItem);
}

}  // namespace tandem
