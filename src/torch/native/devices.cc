// What this build of libtorch and this machine have: devices, libraries, and the switches of both.
#include <ATen/Context.h>
#include <ATen/Version.h>
#include <torch/version.h>

#include <map>

#include "cuda-library.h"
#include "exports.h"

namespace tandem {
namespace {

napi_value libtorchVersion(const Call& call) { return fromString(call.env, TORCH_VERSION); }

// hasLibrary(name): what libtorch was built with.
napi_value hasLibrary(const Call& call) {
  const std::string name = toString(call.env, call[0]);
  const auto& context = at::globalContext();
  bool has = false;
  if (name == "mkl") has = context.hasMKL();
  if (name == "mkldnn") has = context.hasMKLDNN();
  if (name == "openmp") has = context.hasOpenMP();
  if (name == "lapack") has = context.hasLAPACK();
  // The wheel for GPUs is built with both; the library itself may not be loaded.
  if (name == "cuda" || name == "cudnn") has = hasCudaLibrary();
  if (name == "mps") has = context.hasMPS();
  return fromBool(call.env, has);
}

// A switch of libtorch's own, as torch.backends has them.
struct Switch {
  bool (*get)(const at::Context&);
  void (*set)(at::Context&, bool);
};

const std::map<std::string, Switch>& switches() {
  static const std::map<std::string, Switch> all = {
      {"cudnn.enabled", {[](auto& c) { return c.userEnabledCuDNN(); },
                         [](auto& c, bool on) { c.setUserEnabledCuDNN(on); }}},
      {"cudnn.benchmark", {[](auto& c) { return c.benchmarkCuDNN(); },
                           [](auto& c, bool on) { c.setBenchmarkCuDNN(on); }}},
      {"cudnn.deterministic", {[](auto& c) { return c.deterministicCuDNN(); },
                               [](auto& c, bool on) { c.setDeterministicCuDNN(on); }}},
      {"cudnn.allowTf32", {[](auto& c) { return c.allowTF32CuDNN(); },
                           [](auto& c, bool on) { c.setAllowTF32CuDNN(on); }}},
      {"cuda.matmul.allowTf32", {[](auto& c) { return c.allowTF32CuBLAS(); },
                                 [](auto& c, bool on) { c.setAllowTF32CuBLAS(on); }}},
      {"mkldnn.enabled", {[](auto& c) { return c.userEnabledMkldnn(); },
                          [](auto& c, bool on) { c.setUserEnabledMkldnn(on); }}},
      {"sdp.math", {[](auto& c) { return c.userEnabledMathSDP(); },
                    [](auto& c, bool on) { c.setSDPUseMath(on); }}},
      {"sdp.flash", {[](auto& c) { return c.userEnabledFlashSDP(); },
                     [](auto& c, bool on) { c.setSDPUseFlash(on); }}},
      {"sdp.efficient", {[](auto& c) { return c.userEnabledMemEfficientSDP(); },
                         [](auto& c, bool on) { c.setSDPUseMemEfficient(on); }}},
      {"sdp.cudnn", {[](auto& c) { return c.userEnabledCuDNNSDP(); },
                     [](auto& c, bool on) { c.setSDPUseCuDNN(on); }}},
      {"sdp.overrideable", {[](auto& c) { return c.userEnabledOverrideableSDP(); },
                            [](auto& c, bool on) { c.setSDPUseOverrideable(on); }}},
      {"mkldnn.deterministic", {[](auto& c) { return c.deterministicMkldnn(); },
                                [](auto& c, bool on) { c.setDeterministicMkldnn(on); }}},
  };
  return all;
}

// getSwitch(name), setSwitch(name, on)
napi_value getSwitch(const Call& call) {
  return fromBool(call.env, switches().at(toString(call.env, call[0])).get(at::globalContext()));
}
napi_value setSwitch(const Call& call) {
  switches().at(toString(call.env, call[0])).set(at::globalContext(), toBool(call.env, call[1]));
  return nullptr;
}

// matmulPrecision() → 'highest', 'high' or 'medium'; setMatmulPrecision(name)
napi_value matmulPrecision(const Call& call) {
  static constexpr const char* names[] = {"highest", "high", "medium"};
  return fromString(call.env,
                    names[static_cast<size_t>(at::globalContext().float32MatmulPrecision())]);
}
napi_value setMatmulPrecision(const Call& call) {
  at::globalContext().setFloat32MatmulPrecision(toString(call.env, call[0]));
  return nullptr;
}

napi_value cpuCapability(const Call& call) {
  return fromString(call.env, at::get_cpu_capability());
}

}  // namespace

void addDevices(napi_env env, napi_value exports) {
  add(env, exports, "libtorchVersion", libtorchVersion);
  add(env, exports, "hasLibrary", hasLibrary);
  add(env, exports, "getSwitch", getSwitch);
  add(env, exports, "setSwitch", setSwitch);
  add(env, exports, "matmulPrecision", matmulPrecision);
  add(env, exports, "setMatmulPrecision", setMatmulPrecision);
  add(env, exports, "cpuCapability", cpuCapability);
}

}  // namespace tandem
