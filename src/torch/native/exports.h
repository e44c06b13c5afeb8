// How the parts of the addon put their functions on its exports.
#pragma once
#include <node_api.h>

#include <array>

#include "environment.h"
#include "values.h"

namespace tandem {

constexpr size_t maxArguments = 24;

// The arguments of one call.
struct Call {
  // `args` is Node-API's to fill, with undefined behind those that were given.
  Call(napi_env env, Environment& environment) : env(env), environment(environment) {}
  napi_env env;
  Environment& environment;
  size_t count = maxArguments;
  std::array<napi_value, maxArguments> args;
  napi_value operator[](size_t i) const { return args[i]; }
};

using Function = napi_value (*)(const Call& call);

// Adds a function; C++ exceptions in it become JavaScript errors, see Environment::fail().
void add(napi_env env, napi_value exports, const char* name, Function function);
// Refers to the call's first argument, a function, in place of another.
void setFunction(const Call& call, napi_ref& reference);

// Tensors' blocks of a mebibyte and more are kept when they are freed and given out again, as
// PyTorch's allocator for GPUs does. The C library maps the largest again each time, pages and all, up
// to a third of a training step's time, and has its own heap split by those that it keeps.
void cacheBlocks();

void addOperators(napi_env env, napi_value exports);
void addTensors(napi_env env, napi_value exports);
void addAutograd(napi_env env, napi_value exports);
void addGraph(napi_env env, napi_value exports);
void addHooks(napi_env env, napi_value exports);
void addFunctions(napi_env env, napi_value exports);
void addStorage(napi_env env, napi_value exports);
void addSharing(napi_env env, napi_value exports);
void addIndexing(napi_env env, napi_value exports);
void addAccelerator(napi_env env, napi_value exports);
void addDevices(napi_env env, napi_value exports);
void addArrayMemory(napi_env env, napi_value exports);
void addScript(napi_env env, napi_value exports);
void addTrace(napi_env env, napi_value exports);
void addPackage(napi_env env, napi_value exports);
void addAutocast(napi_env env, napi_value exports);
void addTransforms(napi_env env, napi_value exports);
void addSavedHooks(napi_env env, napi_value exports);
void addProfiler(napi_env env, napi_value exports);
void addStores(napi_env env, napi_value exports);
void addProcessGroups(napi_env env, napi_value exports);
void addReducer(napi_env env, napi_value exports);

}  // namespace tandem
