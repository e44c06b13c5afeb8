// libtorch's own profiler: which operators ran, when and for how long.
#include <ATen/record_function.h>
#include <torch/csrc/autograd/profiler_kineto.h>

#include "exports.h"
#include "handle.h"
#include "values.h"

namespace tandem {
namespace {

namespace profiler = torch::autograd::profiler;
using torch::profiler::impl::ActivityType;

struct ProfileHandle : Handle {
  explicit ProfileHandle(std::unique_ptr<profiler::ProfilerResult> result)
      : Handle(Kind::profile, 1 << 16), result(std::move(result)) {}
  const std::unique_ptr<profiler::ProfilerResult> result;
};

profiler::ProfilerResult& getProfile(const Call& call) {
  auto* handle = static_cast<ProfileHandle*>(asHandle(call.env, call[0], Kind::profile));
  if (!handle) throw JsError("TypeError", "expected a profile");
  return *handle->result;
}

// startProfiler(shapes, memory, flops)
napi_value startProfiler(const Call& call) {
  const torch::profiler::impl::ProfilerConfig config(torch::profiler::impl::ProfilerState::KINETO,
                                                     toBool(call.env, call[0]), toBool(call.env, call[1]), false,
                                                     toBool(call.env, call[2]));
  profiler::prepareProfiler(config, {ActivityType::CPU});
  profiler::enableProfiler(config, {ActivityType::CPU},
                           {at::RecordScope::FUNCTION, at::RecordScope::USER_SCOPE,
                            at::RecordScope::BACKWARD_FUNCTION});
  return nullptr;
}
// stopProfiler() → profile
napi_value stopProfiler(const Call& call) {
  return makeExternal(call.env, std::make_unique<ProfileHandle>(profiler::disableProfiler()));
}
// saveProfile(profile, path): Chrome's trace
napi_value saveProfile(const Call& call) {
  getProfile(call).save(toString(call.env, call[1]));
  return nullptr;
}
// profileEvents(profile) → its events by their start
napi_value profileEvents(const Call& call) {
  const napi_env env = call.env;
  const auto& result = getProfile(call);
  const auto start = result.trace_start_ns();
  const auto& events = result.events();
  return makeArray(env, events.size(), [&](uint32_t i) {
    const auto& event = events[i];
    const napi_value made = makeObject(env);
    setProperty(env, made, "name", fromString(env, event.name()));
    setProperty(env, made, "start", fromDouble(env, static_cast<double>(event.startNs() - start) / 1000));
    setProperty(env, made, "end", fromDouble(env, static_cast<double>(event.endNs() - start) / 1000));
    setProperty(env, made, "thread", fromInt(env, static_cast<int64_t>(event.startThreadId())));
    setProperty(env, made, "scope", fromInt(env, event.scope()));
    setProperty(env, made, "bytes", fromInt(env, event.nBytes()));
    setProperty(env, made, "flops", fromInt(env, static_cast<int64_t>(event.flops())));
    const auto shapes = event.hasShapes() ? event.shapes() : c10::ArrayRef<std::vector<int64_t>>();
    setProperty(env, made, "shapes", makeArray(env, shapes.size(), [&](uint32_t s) {
                  return makeArray(env, shapes[s].size(), [&](uint32_t d) { return fromInt(env, shapes[s][d]); });
                }));
    return made;
  });
}

// Ranges that the program names itself.
std::vector<std::unique_ptr<at::RecordFunction>>& ranges() {
  static thread_local std::vector<std::unique_ptr<at::RecordFunction>> stack;
  return stack;
}
// enterRange(name), until leaveRange
napi_value enterRange(const Call& call) {
  auto range = std::make_unique<at::RecordFunction>(at::RecordScope::USER_SCOPE);
  if (range->isActive()) range->before(toString(call.env, call[0]));
  ranges().push_back(std::move(range));
  return nullptr;
}
napi_value leaveRange(const Call&) {
  if (!ranges().empty()) ranges().pop_back();
  return nullptr;
}

}  // namespace

void addProfiler(napi_env env, napi_value exports) {
  add(env, exports, "startProfiler", startProfiler);
  add(env, exports, "stopProfiler", stopProfiler);
  add(env, exports, "saveProfile", saveProfile);
  add(env, exports, "profileEvents", profileEvents);
  add(env, exports, "enterRange", enterRange);
  add(env, exports, "leaveRange", leaveRange);
}

}  // namespace tandem
