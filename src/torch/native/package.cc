// Packages of AOTInductor: models that Python's compiler has turned into machine code.
#include <torch/csrc/inductor/aoti_package/model_package_loader.h>

#include "exports.h"
#include "handle.h"
#include "values.h"

namespace tandem {
namespace {

using Loader = torch::inductor::AOTIModelPackageLoader;

struct PackageHandle : Handle {
  explicit PackageHandle(std::unique_ptr<Loader> loader)
      : Handle(Kind::package, 1 << 20), loader(std::move(loader)) {}
  std::unique_ptr<Loader> loader;
};

Loader& getLoader(const Call& call) {
  auto* handle = static_cast<PackageHandle*>(asHandle(call.env, call[0], Kind::package));
  if (!handle) throw JsError("TypeError", "expected a package of AOTInductor");
  return *handle->loader;
}

napi_value fromNames(napi_env env, const std::vector<std::string>& names) {
  return makeArray(env, names.size(), [&](uint32_t i) { return fromString(env, names[i]); });
}

// packageLoad(path, model, runSingleThreaded, runners, device index)
napi_value packageLoad(const Call& call) {
  return makeExternal(call.env, std::make_unique<PackageHandle>(std::make_unique<Loader>(
                                    toString(call.env, call[0]), toString(call.env, call[1]), toBool(call.env, call[2]),
                                    toUint32(call.env, call[3]), static_cast<c10::DeviceIndex>(toInt(call.env, call[4])))));
}

// packageRun(package, tensors) → tensors
napi_value packageRun(const Call& call) {
  return fromTensors(call.env, getLoader(call).boxed_run(toTensors(call.env, call[1])));
}

// packageSpec(package) → how arguments and results are nested, as two texts of JSON
napi_value packageSpec(const Call& call) {
  return fromNames(call.env, getLoader(call).get_call_spec());
}

napi_value packageMetadata(const Call& call) {
  const napi_value result = makeObject(call.env);
  for (const auto& [name, value] : getLoader(call).get_metadata()) {
    setProperty(call.env, result, name.c_str(), fromString(call.env, value));
  }
  return result;
}

napi_value packageConstants(const Call& call) {
  return fromNames(call.env, getLoader(call).get_constant_fqns());
}

// packageLoadConstants(package, names, tensors, checkFullUpdate, userManaged)
napi_value packageLoadConstants(const Call& call) {
  const auto tensors = toTensors(call.env, call[2]);
  std::unordered_map<std::string, at::Tensor> constants;
  for (uint32_t i = 0; i < tensors.size(); i++) {
    constants[toString(call.env, element(call.env, call[1], i))] = tensors[i];
  }
  getLoader(call).load_constants(constants, false, toBool(call.env, call[3]), toBool(call.env, call[4]));
  return nullptr;
}

}  // namespace

void addPackage(napi_env env, napi_value exports) {
  add(env, exports, "packageLoad", packageLoad);
  add(env, exports, "packageRun", packageRun);
  add(env, exports, "packageSpec", packageSpec);
  add(env, exports, "packageMetadata", packageMetadata);
  add(env, exports, "packageConstants", packageConstants);
  add(env, exports, "packageLoadConstants", packageLoadConstants);
}

}  // namespace tandem
