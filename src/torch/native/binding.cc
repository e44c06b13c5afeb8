// The addon's entry: its exports, and C++ exceptions turned into JavaScript errors.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/util/Exception.h>

#include "exports.h"
#include "handle.h"

namespace tandem {
namespace {

void throwJs(napi_env env, const char* code, const char* message) {
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw_error(env, code, message);
}

napi_value guarded(napi_env env, napi_callback_info info) {
  Call call{env};
  void* data = nullptr;
  napi_get_cb_info(env, info, &call.count, call.args.data(), nullptr, &data);
  try {
    if (call.count > maxArguments) throw JsError("TypeError", "too many arguments");
    return reinterpret_cast<Function>(data)(call);
  } catch (const JsError& e) {
    throwJs(env, e.code.c_str(), e.what());
  } catch (const c10::IndexError& e) {
    throwJs(env, "IndexError", e.what_without_backtrace());
  } catch (const c10::ValueError& e) {
    throwJs(env, "ValueError", e.what_without_backtrace());
  } catch (const c10::TypeError& e) {
    throwJs(env, "TypeError", e.what_without_backtrace());
  } catch (const c10::NotImplementedError& e) {
    throwJs(env, "NotImplementedError", e.what_without_backtrace());
  } catch (const c10::LinAlgError& e) {
    throwJs(env, "LinAlgError", e.what_without_backtrace());
  } catch (const c10::OutOfMemoryError& e) {
    throwJs(env, "OutOfMemoryError", e.what_without_backtrace());
  } catch (const c10::Error& e) {
    throwJs(env, "RuntimeError", e.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    throwJs(env, "OutOfMemoryError", "out of memory");
  } catch (const std::exception& e) {
    throwJs(env, "RuntimeError", e.what());
  }
  return nullptr;
}

// Bytes of all live handles, and the number at which the collector is called.
int64_t held = 0;
constexpr int64_t leastLimit = int64_t{256} << 20;
int64_t limit = leastLimit;
napi_ref collect = nullptr;

// V8 does not see native memory. Telling it (napi_adjust_external_memory) would have it collect the
// whole heap, and aborts the process where V8 is marking already (Node 20); so the addon has the
// garbage collected itself when much has been made since the last time.
void relieve(napi_env env) {
  if (held <= limit || !collect) return;
  // Raised first, as the collector's own code may make tensors.
  limit = held * 2;
  napi_value function, global;
  napi_get_reference_value(env, collect, &function);
  napi_get_global(env, &global);
  napi_call_function(env, global, function, 0, nullptr, nullptr);
  limit = std::max(leastLimit, held * 2);
}

// The limit falls with what is held, or a past peak would let as much garbage gather again.
void release(Handle* handle) {
  held -= handle->reported;
  handle->reported = 0;
  limit = std::max(leastLimit, std::min(limit, held * 8));
}

void finalize(node_api_basic_env, void* data, void*) {
  auto* handle = static_cast<Handle*>(data);
  release(handle);
  delete handle;
}

napi_value makeExternal(napi_env env, Handle* handle) {
  napi_value external;
  if (napi_create_external(env, handle, finalize, nullptr, &external) != napi_ok) {
    delete handle;
    throw JsError("RuntimeError", "could not create a native handle");
  }
  held += handle->reported;
  relieve(env);
  return external;
}

}  // namespace

void add(napi_env env, napi_value exports, const char* name, Function function) {
  napi_value value;
  napi_create_function(env, name, NAPI_AUTO_LENGTH, guarded, reinterpret_cast<void*>(function),
                       &value);
  napi_set_named_property(env, exports, name, value);
}

napi_value makeTensor(napi_env env, at::Tensor tensor) {
  if (!tensor.defined()) {
    napi_value null;
    napi_get_null(env, &null);
    return null;
  }
  auto* handle = new Handle{Kind::tensor, std::move(tensor)};
  // A view shares its base's storage, which is reported already.
  handle->reported = 256;
  if (handle->tensor.has_storage() && handle->tensor.storage().use_count() == 1) {
    handle->reported += static_cast<int64_t>(handle->tensor.storage().nbytes());
  }
  return makeExternal(env, handle);
}

napi_value makeGenerator(napi_env env, at::Generator generator) {
  return makeExternal(env, new Handle{Kind::generator, {}, std::move(generator), 5120});
}

Handle* asHandle(napi_env env, napi_value value, Kind kind) {
  void* data = nullptr;
  if (napi_get_value_external(env, value, &data) != napi_ok) return nullptr;
  auto* handle = static_cast<Handle*>(data);
  return handle && handle->kind == kind ? handle : nullptr;
}

const at::Tensor& getTensor(napi_env env, napi_value value) {
  auto* handle = asHandle(env, value, Kind::tensor);
  if (!handle) throw JsError("TypeError", "expected a Tensor");
  if (!handle->tensor.defined()) {
    throw JsError("DisposedError", "the tensor was used after it had been disposed of");
  }
  return handle->tensor;
}

const at::Generator& getGenerator(napi_env env, napi_value value) {
  auto* handle = asHandle(env, value, Kind::generator);
  if (!handle) throw JsError("TypeError", "expected a Generator");
  return handle->generator;
}

namespace {

napi_value dispose(const Call& call) {
  if (auto* handle = asHandle(call.env, call[0], Kind::tensor)) {
    release(handle);
    handle->tensor.reset();
  }
  return nullptr;
}

// setCollector(function): what frees the tensors that JavaScript has forgotten.
napi_value setCollector(const Call& call) {
  if (collect) napi_delete_reference(call.env, collect);
  check(call.env, napi_create_reference(call.env, call[0], 1, &collect));
  return nullptr;
}

// Hands PyTorch's warnings to a JavaScript function.
struct Warner : c10::WarningHandler {
  napi_env env;
  napi_ref function = nullptr;
  void process(const c10::Warning& warning) override {
    napi_value call, global;
    const auto& at = warning.source_location();
    const napi_value args[] = {fromString(env, warning.msg()),
                               fromString(env, c10::str(at.file, ':', at.line))};
    napi_get_reference_value(env, function, &call);
    napi_get_global(env, &global);
    napi_call_function(env, global, call, 2, args, nullptr);
  }
};

// setWarner(function): what is called with the text of each warning and its place in PyTorch, on this thread.
napi_value setWarner(const Call& call) {
  static thread_local Warner warner;
  if (warner.function) napi_delete_reference(call.env, warner.function);
  warner.env = call.env;
  check(call.env, napi_create_reference(call.env, call[0], 1, &warner.function));
  c10::WarningUtils::set_warning_handler(&warner);
  return nullptr;
}

napi_value heldBytes(const Call& call) {
  napi_value result;
  check(call.env, napi_create_int64(call.env, held, &result));
  return result;
}

napi_value isDisposed(const Call& call) {
  auto* handle = asHandle(call.env, call[0], Kind::tensor);
  napi_value result;
  napi_get_boolean(call.env, !handle || !handle->tensor.defined(), &result);
  return result;
}

napi_value setNumThreads(const Call& call) {
  int32_t count = 0;
  check(call.env, napi_get_value_int32(call.env, call[0], &count));
  at::set_num_threads(count);
  return nullptr;
}

napi_value getNumThreads(const Call& call) {
  napi_value result;
  napi_create_int32(call.env, at::get_num_threads(), &result);
  return result;
}

napi_value setDefaultDtype(const Call& call) {
  c10::set_default_dtype(
      caffe2::TypeMeta::fromScalarType(scalarType(toString(call.env, call[0]))));
  return nullptr;
}

// useDeterministicAlgorithms(mode, warnOnly)
napi_value useDeterministicAlgorithms(const Call& call) {
  bool mode = false, warnOnly = false;
  check(call.env, napi_get_value_bool(call.env, call[0], &mode));
  check(call.env, napi_get_value_bool(call.env, call[1], &warnOnly));
  at::globalContext().setDeterministicAlgorithms(mode, warnOnly);
  return nullptr;
}

napi_value areDeterministicAlgorithmsEnabled(const Call& call) {
  napi_value result;
  napi_get_boolean(call.env, at::globalContext().deterministicAlgorithms(), &result);
  return result;
}

napi_value showConfig(const Call& call) { return fromString(call.env, at::show_config()); }

}  // namespace
}  // namespace tandem

NAPI_MODULE_INIT() {
  using namespace tandem;
  cacheBlocks();
  add(env, exports, "dispose", dispose);
  add(env, exports, "isDisposed", isDisposed);
  add(env, exports, "setCollector", setCollector);
  add(env, exports, "setWarner", setWarner);
  add(env, exports, "heldBytes", heldBytes);
  add(env, exports, "setNumThreads", setNumThreads);
  add(env, exports, "getNumThreads", getNumThreads);
  add(env, exports, "setDefaultDtype", setDefaultDtype);
  add(env, exports, "useDeterministicAlgorithms", useDeterministicAlgorithms);
  add(env, exports, "areDeterministicAlgorithmsEnabled", areDeterministicAlgorithmsEnabled);
  add(env, exports, "showConfig", showConfig);
  addOperators(env, exports);
  addTensors(env, exports);
  addAutograd(env, exports);
  addGraph(env, exports);
  addHooks(env, exports);
  addFunctions(env, exports);
  addStorage(env, exports);
  return exports;
}
