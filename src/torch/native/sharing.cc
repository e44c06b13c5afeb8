// Tensors that pass between JavaScript's threads: what is sent is a SharedArrayBuffer that holds the tensor.
// V8 counts who has the buffer, messages on their way included, so that a tensor which nobody takes is
// freed as well.
#include <ATen/ops/empty.h>
#include <c10/core/InferenceMode.h>

#include <mutex>
#include <unordered_map>

#include "backing-store.h"
#include "exports.h"
#include "handle.h"

namespace tandem {
namespace {

// By number, since the buffer's content is anybody's to write.
struct SharedTensors {
  std::mutex mutex;
  std::unordered_map<int64_t, at::Tensor> byId;
  int64_t last = 0;
};

// Never destroyed, as buffers may outlive what ends with the process.
SharedTensors& sharedTensors() {
  static auto* tensors = new SharedTensors;
  return *tensors;
}

// What a buffer is on: the number by which its tensor is found, for JavaScript and for release().
struct SharedId {
  double shown;
  int64_t id;
};

void release(void*, size_t, void* owner) {
  auto& shared = sharedTensors();
  at::Tensor last;
  const std::lock_guard lock(shared.mutex);
  const auto found = shared.byId.find(static_cast<SharedId*>(owner)->id);
  last = std::move(found->second);
  shared.byId.erase(found);
  delete static_cast<SharedId*>(owner);
}

// A tensor of its own on the same storage, with neither graph, gradient, hooks nor version in common.
at::Tensor onSameStorage(const at::Tensor& tensor) {
  if (!tensor.is_inference()) return tensor.variable_data();
  const c10::InferenceMode normal(false);
  return at::empty({0}, tensor.options())
      .set_(tensor.storage(), tensor.storage_offset(), tensor.sizes(), tensor.strides());
}

// shareTensor(tensor): a SharedArrayBuffer whose one number sharedTensor takes, as long as it lives.
napi_value shareTensor(const Call& call) {
  const at::Tensor& tensor = getTensor(call.env, call[0]);
  if (tensor.requires_grad() && !tensor.is_leaf()) {
    throw JsError("RuntimeError",
                  "Cowardly refusing to serialize non-leaf tensor which requires_grad, since autograd does "
                  "not support crossing process boundaries.  If you just want to transfer the data, call "
                  "detach() on the tensor before serializing (e.g., putting it on the queue).");
  }
  at::Tensor held = onSameStorage(tensor);
  held.set_requires_grad(tensor.requires_grad());
  // A thread that resized the storage would take its memory from under the others.
  if (held.has_storage()) held.storage().unsafeGetStorageImpl()->set_resizable(false);
  auto& shared = sharedTensors();
  auto* owner = new SharedId;
  {
    const std::lock_guard lock(shared.mutex);
    owner->id = ++shared.last;
    owner->shown = static_cast<double>(owner->id);
    shared.byId.emplace(owner->id, std::move(held));
  }
  return makeSharedArrayBuffer(&owner->shown, sizeof(double), release, owner);
}

// sharedTensor(id): a tensor of this thread's on the storage of the one that was shared.
napi_value sharedTensor(const Call& call) {
  auto& shared = sharedTensors();
  at::Tensor taken;
  bool requiresGrad = false;
  {
    const std::lock_guard lock(shared.mutex);
    const auto found = shared.byId.find(toInt(call.env, call[0]));
    if (found == shared.byId.end()) {
      throw JsError("ValueError", "this is not a tensor that torch.share gave in this process");
    }
    requiresGrad = found->second.requires_grad();
    taken = found->second.variable_data();
  }
  taken.set_requires_grad(requiresGrad);
  const auto bytes = taken.has_storage() ? static_cast<int64_t>(taken.storage().nbytes()) : 0;
  auto handle = std::make_unique<TensorHandle>(std::move(taken));
  // This thread may be the last to have it, and must then know what its garbage weighs.
  handle->bytes += bytes;
  return makeExternal(call.env, std::move(handle));
}

}  // namespace

void addSharing(napi_env env, napi_value exports) {
  add(env, exports, "shareTensor", shareTensor);
  add(env, exports, "sharedTensor", sharedTensor);
}

}  // namespace tandem
