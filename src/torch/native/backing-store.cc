#include "backing-store.h"

#include "javascript.h"

// Of v8-array-buffer.h, what is called here: weak, so that a Node without it still loads the addon.
#define TANDEM_WEAK __attribute__((weak))
namespace v8 {

class Isolate {
 public:
  TANDEM_WEAK static Isolate* GetCurrent();
};

class BackingStore {
 public:
  using DeleterCallback = void (*)(void* data, size_t length, void* deleterData);
  TANDEM_WEAK ~BackingStore();
};

class ArrayBuffer;

// A handle, as Node-API's values are: the address of a slot.
template <class Value>
class Local {
 public:
  Value* slot;
};

class ArrayBuffer {
 public:
  TANDEM_WEAK static std::unique_ptr<BackingStore> NewBackingStore(
      void* data, size_t length, BackingStore::DeleterCallback deleter, void* deleterData);
  TANDEM_WEAK static Local<ArrayBuffer> New(Isolate* isolate, std::shared_ptr<BackingStore> store);
  TANDEM_WEAK std::shared_ptr<BackingStore> GetBackingStore();
};

class SharedArrayBuffer {
 public:
  TANDEM_WEAK static std::unique_ptr<BackingStore> NewBackingStore(
      void* data, size_t length, BackingStore::DeleterCallback deleter, void* deleterData);
  TANDEM_WEAK static Local<SharedArrayBuffer> New(Isolate* isolate,
                                                  std::shared_ptr<BackingStore> store);
};

}  // namespace v8
#undef TANDEM_WEAK

namespace tandem {
namespace {

void checkNode() {
  const auto newStore = &v8::ArrayBuffer::NewBackingStore;
  const auto newBuffer = &v8::ArrayBuffer::New;
  // GetBackingStore and those of SharedArrayBuffer are as old as these.
  if (newStore && newBuffer) return;
  throw JsError("RuntimeError",
                "this version of Node shares no memory with tensors; copy with x.toArray() or "
                "torch.tensor(array), or use Node 20 to 26");
}

}  // namespace

napi_value makeArrayBuffer(c10::Storage storage, int64_t begin, int64_t length) {
  checkNode();
  auto* data = static_cast<char*>(storage.mutable_data()) + begin;
  // On any thread: V8 frees buffers beside the program.
  const auto release = [](void*, size_t, void* owner) { delete static_cast<c10::Storage*>(owner); };
  auto* owner = new c10::Storage(std::move(storage));
  std::shared_ptr<v8::BackingStore> store =
      v8::ArrayBuffer::NewBackingStore(data, length, release, owner);
  const auto buffer = v8::ArrayBuffer::New(v8::Isolate::GetCurrent(), std::move(store));
  return reinterpret_cast<napi_value>(buffer.slot);
}

napi_value makeSharedArrayBuffer(void* data, size_t length, Release release, void* owner) {
  checkNode();
  std::shared_ptr<v8::BackingStore> store =
      v8::SharedArrayBuffer::NewBackingStore(data, length, release, owner);
  const auto buffer = v8::SharedArrayBuffer::New(v8::Isolate::GetCurrent(), std::move(store));
  return reinterpret_cast<napi_value>(buffer.slot);
}

std::shared_ptr<v8::BackingStore> backingStore(napi_value buffer) {
  checkNode();
  return reinterpret_cast<v8::ArrayBuffer*>(buffer)->GetBackingStore();
}

}  // namespace tandem
