#include "handle.h"

#include <c10/util/flat_hash_map.h>

#include <cstdlib>
#include <vector>

#include "environment.h"
#include "javascript.h"

namespace tandem {
namespace {

// The memory of a thread's handles. That a pointer leads into it tells our Externals from other addons',
// whose pointers must not be followed. A tag on each External (napi_type_tag_object) would do as well, but
// writing and reading it costs a tenth of a small operator's call.
class Slots {
 public:
  ~Slots() {
    for (const uintptr_t block : blocks) std::free(reinterpret_cast<void*>(block));
  }

  void* take() {
    if (free.empty()) grow();
    void* slot = free.back();
    free.pop_back();
    return slot;
  }

  // `free` has room for every slot already, so that this can't fail.
  void giveBack(void* slot) noexcept { free.push_back(slot); }

  bool contains(const void* pointer) {
    const uintptr_t block = reinterpret_cast<uintptr_t>(pointer) & ~(blockBytes - 1);
    if (block == lastFound) return true;
    if (blocks.find(block) == blocks.end()) return false;
    lastFound = block;
    return true;
  }

 private:
  static constexpr uintptr_t blockBytes = uintptr_t{1} << 16;

  void grow() {
    free.reserve((blocks.size() + 1) * (blockBytes / handleBytes));
    blocks.reserve(blocks.size() + 1);
    auto* block = static_cast<char*>(std::aligned_alloc(blockBytes, blockBytes));
    if (!block) throw std::bad_alloc();
    blocks.insert(reinterpret_cast<uintptr_t>(block));
    for (size_t at = blockBytes; at > 0; at -= handleBytes) free.push_back(block + at - handleBytes);
  }

  ska::flat_hash_set<uintptr_t> blocks;
  uintptr_t lastFound = 0;
  std::vector<void*> free;
};

// Deleted with the environment's last handle, since finalizers run late.
thread_local Slots* slots = nullptr;

// Runs inside V8's garbage collection, where no JavaScript may.
void finalize(node_api_basic_env, void* data, void* hint) {
  auto* handle = static_cast<Handle*>(data);
  auto* environment = static_cast<Environment*>(hint);
  environment->dropBytes(handle->bytes);
  delete handle;
  environment->dropHandle();
}

}  // namespace

void* Handle::operator new(size_t) {
  if (!slots) slots = new Slots;
  return slots->take();
}

void Handle::operator delete(void* slot) { slots->giveBack(slot); }

void Handle::freeMemory() { delete std::exchange(slots, nullptr); }

// A view shares its base's storage, which is counted already.
TensorHandle::TensorHandle(at::Tensor given) : Handle(Kind::tensor, 256), tensor(std::move(given)) {
  if (tensor.has_storage() && tensor.storage().use_count() == 1) {
    bytes += static_cast<int64_t>(tensor.storage().nbytes());
  }
}

napi_value ownedByExternal(napi_env env, std::unique_ptr<Handle> handle) {
  Environment& environment = Environment::of(env);
  napi_value external;
  check(env, napi_create_external(env, handle.get(), finalize, &environment, &external));
  environment.addHandle();
  environment.addBytes(handle.release()->bytes);
  return external;
}

napi_value makeTensor(napi_env env, at::Tensor tensor) {
  if (!tensor.defined()) return null(env);
  return makeExternal(env, std::make_unique<TensorHandle>(std::move(tensor)));
}

napi_value makeGenerator(napi_env env, at::Generator generator) {
  return makeExternal(env, std::make_unique<GeneratorHandle>(std::move(generator)));
}

Handle* asHandle(napi_env env, napi_value value, Kind kind) {
  void* data = nullptr;
  if (napi_get_value_external(env, value, &data) != napi_ok || !slots || !slots->contains(data)) {
    return nullptr;
  }
  auto* handle = static_cast<Handle*>(data);
  return handle->kind == kind ? handle : nullptr;
}

TensorHandle* asTensor(napi_env env, napi_value value) {
  return static_cast<TensorHandle*>(asHandle(env, value, Kind::tensor));
}

bool isGenerator(napi_env env, napi_value value) {
  return asHandle(env, value, Kind::generator) != nullptr;
}

const at::Tensor& getTensor(napi_env env, napi_value value) {
  auto* handle = asTensor(env, value);
  if (!handle) throw JsError("TypeError", "expected a Tensor");
  if (!handle->tensor.defined()) {
    throw JsError("DisposedError", "the tensor was used after it had been disposed of");
  }
  return handle->tensor;
}

const at::Generator& getGenerator(napi_env env, napi_value value) {
  auto* handle = static_cast<GeneratorHandle*>(asHandle(env, value, Kind::generator));
  if (!handle) throw JsError("TypeError", "expected a Generator");
  return handle->generator;
}

}  // namespace tandem
