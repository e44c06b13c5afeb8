#include "cuda-library.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <atomic>
#include <filesystem>
#include <mutex>
#include <optional>

#include "javascript.h"

namespace tandem {
namespace {

// What the process knows of the library.
std::mutex mutex;
void* library = nullptr;
bool isInTime = false;
std::atomic<bool> initialized = false;
std::optional<uint64_t> pendingSeed;

// Beside the library that this function is in.
std::string libraryPath() {
  Dl_info found;
  dladdr(reinterpret_cast<void*>(&at::get_num_threads), &found);
  return std::filesystem::path(found.dli_fname).parent_path() / "libtorch_cuda.so";
}

void load() {
  if (library) return;
  library = dlopen(libraryPath().c_str(), RTLD_NOW);
  if (!library) throw JsError("ImportError", dlerror());
}

void seedGpus(uint64_t seed) {
  const auto count = at::detail::getCUDAHooks().deviceCount();
  for (c10::DeviceIndex i = 0; i < count; i++) {
    auto generator = at::globalContext().defaultGenerator(c10::Device(at::kCUDA, i));
    const std::lock_guard lock(generator.mutex());
    generator.set_current_seed(seed);
  }
}

// The library's own hooks, where libtorch has kept those of a build without GPUs.
const at::CUDAHooksInterface& lateHooks() {
  static const auto hooks = at::CUDAHooksRegistry()->Create("CUDAHooks", at::CUDAHooksArgs{});
  return *hooks;
}

void initCuda() {
  const std::lock_guard lock(mutex);
  if (initialized) return;
  if (!hasCudaLibrary()) throw JsError("AssertionError", "Torch not compiled with CUDA enabled");
  load();
  if (!isInTime) lateHooks().init();
  at::globalContext().lazyInitDevice(at::kCUDA);
  if (pendingSeed) seedGpus(*pendingSeed);
  initialized = true;
}

}  // namespace

bool hasCudaLibrary() {
  static const bool has = std::filesystem::exists(libraryPath());
  return has;
}

void loadCudaLibrary() {
  const std::lock_guard lock(mutex);
  if (library || !hasCudaLibrary() || !dlopen("libcuda.so.1", RTLD_NOW)) return;
  try {
    load();
    isInTime = true;
  } catch (const JsError&) {
    // The first use of a GPU says why it can't be loaded.
  }
}

void initDevice(const c10::Device& device) {
  if (device.is_cuda() && !initialized) initCuda();
}

const at::CUDAHooksInterface& cudaHooks() {
  if (!hasCudaLibrary()) return at::detail::getCUDAHooks();
  const std::lock_guard lock(mutex);
  load();
  return isInTime ? at::detail::getCUDAHooks() : lateHooks();
}

bool isCudaInitialized() { return initialized; }

void* cudaFunction(const char* name) { return library ? dlsym(library, name) : nullptr; }

void seedAll(uint64_t seed) {
  auto generator = at::globalContext().defaultGenerator(at::kCPU);
  {
    const std::lock_guard lock(generator.mutex());
    generator.set_current_seed(seed);
  }
  const std::lock_guard lock(mutex);
  if (initialized) seedGpus(seed);
  else pendingSeed = seed;
}

}  // namespace tandem
