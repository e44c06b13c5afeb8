#include "handle.h"

#include "environment.h"
#include "javascript.h"

namespace tandem {
namespace {

// Tells this addon's Externals from others', whose pointers must not be followed.
constexpr napi_type_tag tag = {0x7a6d2f3e9b1c4d58, 0xa4c19e07d3b6f285};

// Runs inside V8's garbage collection, where no JavaScript may.
void finalize(node_api_basic_env, void* data, void* hint) {
  auto* handle = static_cast<Handle*>(data);
  auto* environment = static_cast<Environment*>(hint);
  environment->dropBytes(handle->bytes);
  delete handle;
  environment->dropHandle();
}

}  // namespace

// A view shares its base's storage, which is counted already.
TensorHandle::TensorHandle(at::Tensor given) : Handle(Kind::tensor, 256), tensor(std::move(given)) {
  if (tensor.has_storage() && tensor.storage().use_count() == 1) {
    bytes += static_cast<int64_t>(tensor.storage().nbytes());
  }
}

napi_value makeExternal(napi_env env, std::unique_ptr<Handle> handle) {
  Environment& environment = Environment::of(env);
  napi_value external;
  check(env, napi_create_external(env, handle.get(), finalize, &environment, &external));
  environment.addHandle();
  environment.addBytes(handle.release()->bytes);
  check(env, napi_type_tag_object(env, external, &tag));
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
  bool own = false;
  if (napi_get_value_external(env, value, &data) != napi_ok ||
      napi_check_object_type_tag(env, value, &tag, &own) != napi_ok || !own) {
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
