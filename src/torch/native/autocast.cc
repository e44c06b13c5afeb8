// Automatic mixed precision: what Python's torch.autocast sets while it is entered.
#include <ATen/autocast_mode.h>

#include "exports.h"
#include "values.h"

namespace tandem {
namespace {

namespace autocast = at::autocast;

c10::DeviceType deviceType(const Call& call, size_t i) {
  return c10::Device(toString(call.env, call[i])).type();
}

// What to go back to.
struct Before {
  c10::DeviceType device;
  bool enabled;
  c10::ScalarType dtype;
  bool cache;
};
std::vector<Before>& autocasts() {
  static thread_local std::vector<Before> stack;
  return stack;
}

// enterAutocast(device, enabled, dtype, cache): until leaveAutocast.
napi_value enterAutocast(const Call& call) {
  const auto device = deviceType(call, 0);
  const auto dtype = scalarType(toString(call.env, call[2]));
  const bool enabled = toBool(call.env, call[1]), cache = toBool(call.env, call[3]);
  autocasts().push_back({device, autocast::is_autocast_enabled(device),
                       autocast::get_autocast_dtype(device), autocast::is_autocast_cache_enabled()});
  autocast::set_autocast_enabled(device, enabled);
  autocast::set_autocast_dtype(device, dtype);
  autocast::increment_nesting();
  autocast::set_autocast_cache_enabled(cache);
  return nullptr;
}
napi_value leaveAutocast(const Call&) {
  if (autocasts().empty()) return nullptr;
  const Before before = autocasts().back();
  autocasts().pop_back();
  if (autocast::decrement_nesting() == 0) autocast::clear_cache();
  autocast::set_autocast_enabled(before.device, before.enabled);
  autocast::set_autocast_dtype(before.device, before.dtype);
  autocast::set_autocast_cache_enabled(before.cache);
  return nullptr;
}

napi_value isAutocastEnabled(const Call& call) {
  return fromBool(call.env, autocast::is_autocast_enabled(deviceType(call, 0)));
}
napi_value setAutocastEnabled(const Call& call) {
  autocast::set_autocast_enabled(deviceType(call, 0), toBool(call.env, call[1]));
  return nullptr;
}
napi_value getAutocastDtype(const Call& call) {
  return fromString(call.env, scalarTypeName(autocast::get_autocast_dtype(deviceType(call, 0))));
}
napi_value setAutocastDtype(const Call& call) {
  autocast::set_autocast_dtype(deviceType(call, 0), scalarType(toString(call.env, call[1])));
  return nullptr;
}
napi_value isAutocastCacheEnabled(const Call& call) {
  return fromBool(call.env, autocast::is_autocast_cache_enabled());
}
napi_value setAutocastCacheEnabled(const Call& call) {
  autocast::set_autocast_cache_enabled(toBool(call.env, call[0]));
  return nullptr;
}
napi_value clearAutocastCache(const Call&) {
  autocast::clear_cache();
  return nullptr;
}

}  // namespace

void addAutocast(napi_env env, napi_value exports) {
  add(env, exports, "enterAutocast", enterAutocast);
  add(env, exports, "leaveAutocast", leaveAutocast);
  add(env, exports, "isAutocastEnabled", isAutocastEnabled);
  add(env, exports, "setAutocastEnabled", setAutocastEnabled);
  add(env, exports, "getAutocastDtype", getAutocastDtype);
  add(env, exports, "setAutocastDtype", setAutocastDtype);
  add(env, exports, "isAutocastCacheEnabled", isAutocastCacheEnabled);
  add(env, exports, "setAutocastCacheEnabled", setAutocastCacheEnabled);
  add(env, exports, "clearAutocastCache", clearAutocastCache);
}

}  // namespace tandem
