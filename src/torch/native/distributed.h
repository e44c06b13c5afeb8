// Handles of torch.distributed.
#pragma once
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

#include "exports.h"
#include "handle.h"

namespace tandem {

using GroupPtr = c10::intrusive_ptr<c10d::ProcessGroup>;
using WorkPtr = c10::intrusive_ptr<c10d::Work>;
using StorePtr = c10::intrusive_ptr<c10d::Store>;

template <class Pointer, Kind kindOfIt>
struct PointerHandle : Handle {
  explicit PointerHandle(Pointer pointer) : Handle(kindOfIt, 256), pointer(std::move(pointer)) {}
  Pointer pointer;
};

using WorkHandle = PointerHandle<WorkPtr, Kind::work>;
using StoreHandle = PointerHandle<StorePtr, Kind::store>;

struct GroupHandle : PointerHandle<GroupPtr, Kind::group> {
  using PointerHandle::PointerHandle;
  // A group that nobody destroyed is left to the process's end: its destructor waits for other processes.
  ~GroupHandle() override { pointer.release(); }
};

template <class T>
T& handleOf(const Call& call, napi_value value, Kind kind, const char* what) {
  auto* handle = static_cast<T*>(asHandle(call.env, value, kind));
  if (!handle || !handle->pointer) throw JsError("ValueError", what);
  return *handle;
}

inline const GroupPtr& groupOf(const Call& call, napi_value value) {
  return handleOf<GroupHandle>(call, value, Kind::group, "Invalid process group specified").pointer;
}
inline const WorkPtr& workOf(const Call& call, napi_value value) {
  return handleOf<WorkHandle>(call, value, Kind::work, "expected the work of a collective").pointer;
}
inline const StorePtr& storeOfHandle(const Call& call, napi_value value) {
  return handleOf<StoreHandle>(call, value, Kind::store, "expected a store").pointer;
}

inline std::chrono::milliseconds milliseconds(const Call& call, napi_value value) {
  return std::chrono::milliseconds(toInt(call.env, value));
}

}  // namespace tandem
