// A storage's bytes, for files that are read into it and written from it without a copy.
#include <c10/core/Storage.h>

#include "exports.h"
#include "handle.h"

namespace tandem {
namespace {

// storageBytes(tensor): an ArrayBuffer over all of the tensor's storage. It keeps the storage alive,
// and must be let go before anything resizes it.
napi_value storageBytes(const Call& call) {
  const at::Tensor& tensor = getTensor(call.env, call[0]);
  if (!tensor.has_storage() || !tensor.device().is_cpu()) {
    throw JsError("RuntimeError", "only a strided tensor on the CPU has bytes to read or write");
  }
  const c10::Storage& storage = tensor.storage();
  napi_value buffer;
  void* data = nullptr;
  if (storage.nbytes() == 0) {
    check(call.env, napi_create_arraybuffer(call.env, 0, &data, &buffer));
    return buffer;
  }
  auto* owner = new c10::Storage(storage);
  const auto release = [](node_api_basic_env, void*, void* hint) {
    delete static_cast<c10::Storage*>(hint);
  };
  const napi_status status = napi_create_external_arraybuffer(
      call.env, storage.mutable_data(), storage.nbytes(), release, owner, &buffer);
  if (status != napi_ok) delete owner;
  check(call.env, status);
  return buffer;
}

}  // namespace

void addStorage(napi_env env, napi_value exports) {
  add(env, exports, "storageBytes", storageBytes);
}

}  // namespace tandem
