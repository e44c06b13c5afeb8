// The addon's entry: its exports, and C++ exceptions turned into JavaScript errors.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/util/Exception.h>

#include "exports.h"
#include "handle.h"

namespace tandem {
namespace {

napi_value guarded(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  Call call(env, Environment::of(env));
  napi_get_cb_info(env, info, &call.count, call.args.data(), nullptr, &data);
  Environment& environment = call.environment;
  try {
    if (call.count > maxArguments) throw JsError("TypeError", "too many arguments");
    const napi_value result = reinterpret_cast<Function>(data)(call);
    const Outcome outcome = std::exchange(environment.result, Outcome::other);
    environment.settle();
    environment.note(outcome);
    return result;
  } catch (const JsException& e) {
    return environment.fail(e.thrown);
  } catch (const JsError& e) {
    return environment.fail(e.code.c_str(), e.what());
  } catch (const c10::IndexError& e) {
    return environment.fail("IndexError", e.what_without_backtrace());
  } catch (const c10::ValueError& e) {
    return environment.fail("ValueError", e.what_without_backtrace());
  } catch (const c10::TypeError& e) {
    return environment.fail("TypeError", e.what_without_backtrace());
  } catch (const c10::NotImplementedError& e) {
    return environment.fail("NotImplementedError", e.what_without_backtrace());
  } catch (const c10::LinAlgError& e) {
    return environment.fail("LinAlgError", e.what_without_backtrace());
  } catch (const c10::OutOfMemoryError& e) {
    return environment.fail("OutOfMemoryError", e.what_without_backtrace());
  } catch (const c10::AcceleratorError& e) {
    return environment.fail("AcceleratorError", e.what_without_backtrace());
  } catch (const c10::DistBackendError& e) {
    return environment.fail("DistBackendError", e.what_without_backtrace());
  } catch (const c10::DistStoreError& e) {
    return environment.fail("DistStoreError", e.what_without_backtrace());
  } catch (const c10::DistNetworkError& e) {
    return environment.fail("DistNetworkError", e.what_without_backtrace());
  } catch (const c10::Error& e) {
    return environment.fail("RuntimeError", e.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    return environment.fail("OutOfMemoryError", "out of memory");
  } catch (const std::exception& e) {
    return environment.fail("RuntimeError", e.what());
  } catch (...) {
    // Node's C code, which called this, can't pass an exception on: it would end the process.
    return environment.fail("RuntimeError", "PyTorch threw something that is not an exception");
  }
}

napi_value dispose(const Call& call) {
  if (auto* handle = asTensor(call.env, call[0])) {
    call.environment.dropBytes(std::exchange(handle->bytes, 0));
    handle->tensor.reset();
  }
  return nullptr;
}

napi_value isDisposed(const Call& call) {
  auto* handle = asTensor(call.env, call[0]);
  return fromBool(call.env, !handle || !handle->tensor.defined());
}

// setCollector(function): what frees the tensors that JavaScript has forgotten.
napi_value setCollector(const Call& call) {
  setFunction(call, call.environment.collector);
  return nullptr;
}

// setWarner(function): what is called with the text of each warning and its place in PyTorch.
napi_value setWarner(const Call& call) {
  setFunction(call, call.environment.warner);
  return nullptr;
}

napi_value heldBytes(const Call& call) {
  return fromInt(call.env, call.environment.heldBytes());
}

napi_value setNumThreads(const Call& call) {
  const int64_t count = toInt(call.env, call[0]);
  if (count != static_cast<int>(count)) throw JsError("ValueError", "Overflow when unpacking long");
  if (count < 1) throw JsError("RuntimeError", "set_num_threads expects a positive integer");
  at::set_num_threads(static_cast<int>(count));
  return nullptr;
}

napi_value getNumThreads(const Call& call) { return fromInt(call.env, at::get_num_threads()); }

napi_value setDefaultDtype(const Call& call) {
  c10::set_default_dtype(
      caffe2::TypeMeta::fromScalarType(scalarType(toString(call.env, call[0]))));
  return nullptr;
}

napi_value getDefaultDtype(const Call& call) {
  return fromString(call.env, scalarTypeName(c10::get_default_dtype_as_scalartype()));
}

// useDeterministicAlgorithms(mode, warnOnly)
napi_value useDeterministicAlgorithms(const Call& call) {
  at::globalContext().setDeterministicAlgorithms(toBool(call.env, call[0]),
                                                 toBool(call.env, call[1]));
  return nullptr;
}

napi_value areDeterministicAlgorithmsWarnOnly(const Call& call) {
  return fromBool(call.env, at::globalContext().deterministicAlgorithmsWarnOnly());
}

// setFlushDenormal(on) → whether the processor can
napi_value setFlushDenormal(const Call& call) {
  return fromBool(call.env, at::globalContext().setFlushDenormal(toBool(call.env, call[0])));
}

napi_value getNumInteropThreads(const Call& call) {
  return fromInt(call.env, at::get_num_interop_threads());
}
napi_value setNumInteropThreads(const Call& call) {
  const int64_t count = toInt(call.env, call[0]);
  if (count < 1) throw JsError("RuntimeError", "set_num_interop_threads expects a positive integer");
  at::set_num_interop_threads(static_cast<int>(count));
  return nullptr;
}

napi_value areDeterministicAlgorithmsEnabled(const Call& call) {
  return fromBool(call.env, at::globalContext().deterministicAlgorithms());
}

napi_value showConfig(const Call& call) { return fromString(call.env, at::show_config()); }

}  // namespace

void add(napi_env env, napi_value exports, const char* name, Function function) {
  napi_value value;
  check(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, guarded,
                                  reinterpret_cast<void*>(function), &value));
  setProperty(env, exports, name, value);
}

void setFunction(const Call& call, napi_ref& reference) {
  const napi_ref given = makeReference(call.env, call[0], 1);
  if (const napi_ref before = std::exchange(reference, given)) {
    napi_delete_reference(call.env, before);
  }
}

}  // namespace tandem

NAPI_MODULE_INIT() {
  using namespace tandem;
  cacheBlocks();
  try {
    Environment::open(env, exports);
    add(env, exports, "dispose", dispose);
    add(env, exports, "isDisposed", isDisposed);
    add(env, exports, "setCollector", setCollector);
    add(env, exports, "setWarner", setWarner);
    add(env, exports, "heldBytes", heldBytes);
    add(env, exports, "setNumThreads", setNumThreads);
    add(env, exports, "getNumThreads", getNumThreads);
    add(env, exports, "setDefaultDtype", setDefaultDtype);
    add(env, exports, "getDefaultDtype", getDefaultDtype);
    add(env, exports, "useDeterministicAlgorithms", useDeterministicAlgorithms);
    add(env, exports, "areDeterministicAlgorithmsEnabled", areDeterministicAlgorithmsEnabled);
    add(env, exports, "areDeterministicAlgorithmsWarnOnly", areDeterministicAlgorithmsWarnOnly);
    add(env, exports, "setFlushDenormal", setFlushDenormal);
    add(env, exports, "getNumInteropThreads", getNumInteropThreads);
    add(env, exports, "setNumInteropThreads", setNumInteropThreads);
    add(env, exports, "showConfig", showConfig);
    addOperators(env, exports);
    addTensors(env, exports);
    addAutograd(env, exports);
    addGraph(env, exports);
    addHooks(env, exports);
    addFunctions(env, exports);
    addStorage(env, exports);
    addSharing(env, exports);
    addIndexing(env, exports);
    addAccelerator(env, exports);
    addDevices(env, exports);
    addArrayMemory(env, exports);
    addScript(env, exports);
    addTrace(env, exports);
    addPackage(env, exports);
    addAutocast(env, exports);
    addTransforms(env, exports);
    addSavedHooks(env, exports);
    addProfiler(env, exports);
    addStores(env, exports);
    addProcessGroups(env, exports);
    addReducer(env, exports);
  } catch (...) {
    // Only where the environment is ending while it loads this.
    return nullptr;
  }
  return exports;
}
