// GPUs by libtorch's interfaces for any accelerator, which need none of CUDA's headers: which device is current, streams,
// events and memory. Devices come by name, such as 'cuda:0'; one without an index is the current one.
#include <ATen/Context.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/Event.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

#include "cuda-library.h"
#include "exports.h"
#include "handle.h"

namespace tandem {
namespace {

struct EventHandle : Handle {
  explicit EventHandle(c10::Event event) : Handle(Kind::event, 256), event(std::move(event)) {}
  c10::Event event;
};

// A device, whose library is loaded from here on.
c10::Device namedDevice(const Call& call, size_t i) {
  const c10::Device device(toString(call.env, call[i]));
  if (device.is_cuda()) cudaHooks();
  return device;
}

const c10::impl::DeviceGuardImplInterface& guardOf(const c10::Device& device) {
  return *c10::impl::getDeviceGuardImpl(device.type());
}

c10::Device withIndex(const c10::Device& device) {
  return device.has_index() ? device : guardOf(device).getDevice();
}

// A device that is in use from here on, with its index.
c10::Device usedDevice(const Call& call, size_t i) {
  const c10::Device device = namedDevice(call, i);
  initDevice(device);
  return withIndex(device);
}

// --- Devices ------------------------------------------------------------------------------------------

// deviceCount(kind): how many devices of a kind this process could use.
napi_value deviceCount(const Call& call) {
  const c10::Device device(toString(call.env, call[0]));
  const bool known = c10::impl::hasDeviceGuardImpl(device.type());
  return fromInt(call.env, known ? guardOf(device).deviceCount() : 0);
}

napi_value hasCuda(const Call& call) { return fromBool(call.env, hasCudaLibrary()); }
napi_value isInitialized(const Call& call) { return fromBool(call.env, isCudaInitialized()); }

// initDevice(kind)
napi_value init(const Call& call) {
  initDevice(namedDevice(call, 0));
  return nullptr;
}

napi_value currentDevice(const Call& call) { return fromInt(call.env, usedDevice(call, 0).index()); }

// exchangeDevice(device) → the index of the device that was current before
napi_value exchangeDevice(const Call& call) {
  const c10::Device device = usedDevice(call, 0);
  return fromInt(call.env, guardOf(device).exchangeDevice(device).index());
}

napi_value synchronizeDevice(const Call& call) {
  const c10::Device device = usedDevice(call, 0);
  guardOf(device).synchronizeDevice(device.index());
  return nullptr;
}

// What cudaDeviceGetAttribute knows of a device, by the names of torch.cuda's properties. The numbers are the CUDA
// runtime's, which it never changes.
constexpr std::pair<const char*, int> cudaAttributes[] = {
    {"major", 75}, {"minor", 76}, {"multiProcessorCount", 16}, {"warpSize", 10}, {"maxThreadsPerBlock", 1},
    {"maxThreadsPerMultiProcessor", 39}, {"regsPerMultiprocessor", 82}, {"sharedMemoryPerBlock", 8},
    {"sharedMemoryPerBlockOptin", 97}, {"sharedMemoryPerMultiprocessor", 81}, {"clockRate", 13},
    {"memoryClockRate", 36}, {"memoryBusWidth", 37}, {"pciBusId", 33}, {"pciDeviceId", 34}, {"pciDomainId", 50},
    {"L2CacheSize", 38}, {"isIntegrated", 18}, {"isMultiGpuBoard", 84}};

// How cudaDeviceProp begins, in CUDA 12 and 13.
struct CudaProperties {
  char name[256];
  unsigned char uuid[16];
  char luid[8];
  unsigned int luidDeviceNodeMask;
  size_t totalMemory;
};

template <typename Result, typename... Arguments>
Result callCuda(const char* name, Arguments... arguments) {
  void* function = cudaFunction(name);
  if (!function) throw JsError("RuntimeError", std::string("this build of PyTorch lacks ") + name);
  return reinterpret_cast<Result (*)(Arguments...)>(function)(arguments...);
}

std::string uuidText(const unsigned char (&uuid)[16]) {
  char text[37];
  const auto& u = uuid;
  std::snprintf(text, sizeof text, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14],
                u[15]);
  return text;
}

// cudaProperties(device) → { name, uuid, totalMemory, major, … }
napi_value cudaProperties(const Call& call) {
  const c10::DeviceIndex index = usedDevice(call, 0).index();
  const auto* properties =
      callCuda<const CudaProperties*>("_ZN2at4cuda19getDevicePropertiesEa", index);  // at::cuda's
  const napi_value result = makeObject(call.env);
  setProperty(call.env, result, "name", fromString(call.env, properties->name));
  setProperty(call.env, result, "uuid", fromString(call.env, uuidText(properties->uuid)));
  setProperty(call.env, result, "totalMemory", fromInt(call.env, static_cast<int64_t>(properties->totalMemory)));
  for (const auto& [name, attribute] : cudaAttributes) {
    int value = 0;
    callCuda<int>("cudaDeviceGetAttribute", &value, attribute, static_cast<int>(index));
    setProperty(call.env, result, name, fromInt(call.env, value));
  }
  return result;
}

// canAccessPeer(device, peer): both CUDA's.
napi_value canAccessPeer(const Call& call) {
  const auto device = usedDevice(call, 0).index(), peer = usedDevice(call, 1).index();
  return fromBool(call.env, callCuda<bool>("_ZN2at4cuda19canDeviceAccessPeerEaa", device, peer));
}

// cudaConfig(): what the library was built with and for. cudnnVersion(): 0 without cuDNN.
napi_value cudaConfig(const Call& call) {
  return fromString(call.env, cudaHooks().showConfig());
}
napi_value cudnnVersion(const Call& call) {
  const auto& hooks = cudaHooks();
  return fromInt(call.env, hooks.hasCuDNN() ? hooks.versionCuDNN() : 0);
}

// --- Streams: [device's name, id] -----------------------------------------------------------------------

napi_value fromStream(const Call& call, const c10::Stream& stream) {
  const napi_value parts[] = {fromString(call.env, stream.device().str()), fromLargeInt(call.env, stream.id())};
  return makeArray(call.env, 2, [&](uint32_t i) { return parts[i]; });
}

// From two arguments: the device's name and the id.
c10::Stream toStream(const Call& call, size_t i) {
  return c10::Stream(c10::Stream::UNSAFE, usedDevice(call, i), toInt(call.env, call[i + 1]));
}

napi_value currentStream(const Call& call) {
  const c10::Device device = usedDevice(call, 0);
  return fromStream(call, guardOf(device).getStream(device));
}
napi_value defaultStream(const Call& call) {
  const c10::Device device = usedDevice(call, 0);
  return fromStream(call, guardOf(device).getDefaultStream(device));
}
// newStream(device, priority)
napi_value newStream(const Call& call) {
  const c10::Device device = withIndex(namedDevice(call, 0));
  return fromStream(call, guardOf(device).getNewStream(device, static_cast<int>(toInt(call.env, call[1]))));
}
// setStream(device, id): the stream and its device are the current ones from here on.
napi_value setStream(const Call& call) {
  const c10::Stream stream = toStream(call, 0);
  guardOf(stream.device()).setDevice(stream.device());
  guardOf(stream.device()).exchangeStream(stream);
  return nullptr;
}
napi_value queryStream(const Call& call) { return fromBool(call.env, toStream(call, 0).query()); }
napi_value synchronizeStream(const Call& call) {
  toStream(call, 0).synchronize();
  return nullptr;
}
// recordStream(tensor, device, id): the tensor's memory is not given out again before the stream's work has ended.
napi_value recordStream(const Call& call) {
  getTensor(call.env, call[0]).record_stream(toStream(call, 1));
  return nullptr;
}

// --- Events ---------------------------------------------------------------------------------------------

c10::Event& getEvent(const Call& call, size_t i) {
  auto* handle = static_cast<EventHandle*>(asHandle(call.env, call[i], Kind::event));
  if (!handle) throw JsError("TypeError", "expected an Event");
  return handle->event;
}

// makeEvent(kind, timing)
napi_value makeEvent(const Call& call) {
  const auto flag = toBool(call.env, call[1]) ? c10::EventFlag::BACKEND_DEFAULT : c10::EventFlag::PYTORCH_DEFAULT;
  c10::Event event(namedDevice(call, 0).type(), flag);
  return makeExternal(call.env, std::make_unique<EventHandle>(std::move(event)));
}
// recordEvent(event, device, id), waitEvent(event, device, id): by a stream
napi_value recordEvent(const Call& call) {
  getEvent(call, 0).record(toStream(call, 1));
  return nullptr;
}
napi_value waitEvent(const Call& call) {
  getEvent(call, 0).block(toStream(call, 1));
  return nullptr;
}
napi_value queryEvent(const Call& call) { return fromBool(call.env, getEvent(call, 0).query()); }
napi_value synchronizeEvent(const Call& call) {
  getEvent(call, 0).synchronize();
  return nullptr;
}
// elapsedTime(start, end) → milliseconds
napi_value elapsedTime(const Call& call) {
  return fromDouble(call.env, getEvent(call, 0).elapsedTime(getEvent(call, 1)));
}
// eventId(event): 0 before it is recorded
napi_value eventId(const Call& call) {
  return fromLargeInt(call.env, reinterpret_cast<int64_t>(getEvent(call, 0).eventId()));
}

// --- Memory ---------------------------------------------------------------------------------------------

using c10::CachingDeviceAllocator::DeviceStats;

napi_value fromStat(napi_env env, const c10::CachingAllocator::Stat& stat) {
  const napi_value result = makeObject(env);
  setProperty(env, result, "allocated", fromInt(env, stat.allocated));
  setProperty(env, result, "current", fromInt(env, stat.current));
  setProperty(env, result, "freed", fromInt(env, stat.freed));
  setProperty(env, result, "peak", fromInt(env, stat.peak));
  return result;
}

napi_value fromStats(napi_env env, const c10::CachingAllocator::StatArray& stats) {
  static constexpr const char* names[] = {"all", "small_pool", "large_pool"};
  const napi_value result = makeObject(env);
  for (size_t i = 0; i < std::size(names); i++) setProperty(env, result, names[i], fromStat(env, stats[i]));
  return result;
}

// memoryStats(device): by PyTorch's names, as torch.cuda.memory_stats_as_nested_dict.
napi_value memoryStats(const Call& call) {
  const c10::Device device = usedDevice(call, 0);
  const DeviceStats stats = c10::getDeviceAllocator(device.type())->getDeviceStats(device.index());
  const napi_env env = call.env;
  const napi_value result = makeObject(env);
  const std::pair<const char*, int64_t> counts[] = {
      {"num_alloc_retries", stats.num_alloc_retries}, {"num_ooms", stats.num_ooms},
      {"max_split_size", stats.max_split_size}, {"num_sync_all_streams", stats.num_sync_all_streams},
      {"num_device_alloc", stats.num_device_alloc}, {"num_device_free", stats.num_device_free}};
  for (const auto& [name, count] : counts) setProperty(env, result, name, fromInt(env, count));
  const std::pair<const char*, const c10::CachingAllocator::StatArray&> arrays[] = {
      {"allocation", stats.allocation}, {"segment", stats.segment}, {"active", stats.active},
      {"inactive_split", stats.inactive_split}, {"allocated_bytes", stats.allocated_bytes},
      {"reserved_bytes", stats.reserved_bytes}, {"active_bytes", stats.active_bytes},
      {"inactive_split_bytes", stats.inactive_split_bytes}, {"requested_bytes", stats.requested_bytes}};
  for (const auto& [name, array] : arrays) setProperty(env, result, name, fromStats(env, array));
  setProperty(env, result, "oversize_allocations", fromStat(env, stats.oversize_allocations));
  setProperty(env, result, "oversize_segments", fromStat(env, stats.oversize_segments));
  return result;
}
napi_value resetPeakStats(const Call& call) {
  const c10::Device device = usedDevice(call, 0);
  c10::getDeviceAllocator(device.type())->resetPeakStats(device.index());
  return nullptr;
}
napi_value resetAccumulatedStats(const Call& call) {
  const c10::Device device = usedDevice(call, 0);
  c10::getDeviceAllocator(device.type())->resetAccumulatedStats(device.index());
  return nullptr;
}
napi_value emptyCache(const Call& call) {
  c10::getDeviceAllocator(usedDevice(call, 0).type())->emptyCache();
  return nullptr;
}
// memoryInfo(device) → [free, total], in bytes
napi_value memoryInfo(const Call& call) {
  const c10::Device device = usedDevice(call, 0);
  const auto [free, total] = c10::getDeviceAllocator(device.type())->getMemoryInfo(device.index());
  const int64_t bytes[] = {static_cast<int64_t>(free), static_cast<int64_t>(total)};
  return makeArray(call.env, 2, [&](uint32_t i) { return fromInt(call.env, bytes[i]); });
}

}  // namespace

void addAccelerator(napi_env env, napi_value exports) {
  loadCudaLibrary();
  add(env, exports, "deviceCount", deviceCount);
  add(env, exports, "hasCuda", hasCuda);
  add(env, exports, "isCudaInitialized", isInitialized);
  add(env, exports, "initDevice", init);
  add(env, exports, "currentDevice", currentDevice);
  add(env, exports, "exchangeDevice", exchangeDevice);
  add(env, exports, "synchronizeDevice", synchronizeDevice);
  add(env, exports, "cudaProperties", cudaProperties);
  add(env, exports, "canAccessPeer", canAccessPeer);
  add(env, exports, "cudaConfig", cudaConfig);
  add(env, exports, "cudnnVersion", cudnnVersion);
  add(env, exports, "currentStream", currentStream);
  add(env, exports, "defaultStream", defaultStream);
  add(env, exports, "newStream", newStream);
  add(env, exports, "setStream", setStream);
  add(env, exports, "queryStream", queryStream);
  add(env, exports, "synchronizeStream", synchronizeStream);
  add(env, exports, "recordStream", recordStream);
  add(env, exports, "makeEvent", makeEvent);
  add(env, exports, "recordEvent", recordEvent);
  add(env, exports, "waitEvent", waitEvent);
  add(env, exports, "queryEvent", queryEvent);
  add(env, exports, "synchronizeEvent", synchronizeEvent);
  add(env, exports, "elapsedTime", elapsedTime);
  add(env, exports, "eventId", eventId);
  add(env, exports, "memoryStats", memoryStats);
  add(env, exports, "resetPeakStats", resetPeakStats);
  add(env, exports, "resetAccumulatedStats", resetAccumulatedStats);
  add(env, exports, "emptyCache", emptyCache);
  add(env, exports, "memoryInfo", memoryInfo);
}

}  // namespace tandem
