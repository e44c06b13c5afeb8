// Tensors on the memory of JavaScript's typed arrays (torch.from_numpy).
#include <ATen/ops/from_blob.h>

#include "backing-store.h"
#include "exports.h"
#include "handle.h"

namespace tandem {
namespace {

// borrowArray(typedArray, shape, dtype): a tensor on the array's own memory, which it keeps alive.
napi_value borrowArray(const Call& call) {
  const TypedArray array = typedArray(call.env, call[0]);
  const auto shape = toIntList(call.env, call[1]);
  const auto dtype = scalarType(toString(call.env, call[2]));
  at::Tensor tensor = at::from_blob(
      array.data, shape, [store = backingStore(array.buffer)](void*) {}, at::device(at::kCPU).dtype(dtype));
  return makeTensor(call.env, std::move(tensor));
}

}  // namespace

void addArrayMemory(napi_env env, napi_value exports) {
  add(env, exports, "borrowArray", borrowArray);
}

}  // namespace tandem
