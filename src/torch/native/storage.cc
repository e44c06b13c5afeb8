// A storage's bytes, for files that are read into it and written from it without a copy.
#include <c10/core/Storage.h>

#include "backing-store.h"
#include "exports.h"
#include "handle.h"

namespace tandem {
namespace {

const c10::Storage& storageOf(napi_env env, napi_value value) {
  const at::Tensor& tensor = getTensor(env, value);
  if (!tensor.has_storage()) throw JsError("RuntimeError", "only a strided tensor has a storage");
  return tensor.storage();
}

// storageSize(tensor): the bytes of all of its storage, on whatever device.
napi_value storageSize(const Call& call) {
  return fromInt(call.env, static_cast<int64_t>(storageOf(call.env, call[0]).nbytes()));
}

// storageBytes(tensor, begin, length): an ArrayBuffer over a part of the tensor's storage, at most as
// long as V8 takes them. It keeps the storage alive, and must be let go before anything resizes it.
napi_value storageBytes(const Call& call) {
  const c10::Storage& storage = storageOf(call.env, call[0]);
  if (!storage.device().is_cpu()) {
    throw JsError("RuntimeError", "only a tensor on the CPU has bytes to read or write");
  }
  const int64_t begin = toInt(call.env, call[1]), length = toInt(call.env, call[2]);
  const auto size = static_cast<int64_t>(storage.nbytes());
  if (begin < 0 || length < 0 || begin > size || length > size - begin) {
    throw JsError("RangeError", "the part lies outside the storage");
  }
  if (length == 0) {
    napi_value buffer;
    void* data = nullptr;
    check(call.env, napi_create_arraybuffer(call.env, 0, &data, &buffer));
    return buffer;
  }
  return makeArrayBuffer(storage, begin, length);
}

}  // namespace

void addStorage(napi_env env, napi_value exports) {
  add(env, exports, "storageSize", storageSize);
  add(env, exports, "storageBytes", storageBytes);
}

}  // namespace tandem
