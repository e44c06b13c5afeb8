// What DistributedDataParallel has in C++: the reducer of gradients, and broadcasts of many tensors.
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/distributed/c10d/comm.hpp>
#include <torch/csrc/distributed/c10d/logger.hpp>
#include <torch/csrc/distributed/c10d/reducer.hpp>

#include <limits>

#include "distributed.h"
#include "hooks.h"

namespace tandem {
namespace {

// With its logger, which has a weak pointer back.
struct ReducerOf {
  std::shared_ptr<c10d::Reducer> reducer;
  std::shared_ptr<c10d::Logger> logger;
};
using ReducerHandle = PointerHandle<std::unique_ptr<ReducerOf>, Kind::reducer>;

ReducerOf& reducerOf(const Call& call) {
  return *handleOf<ReducerHandle>(call, call[0], Kind::reducer, "expected a reducer").pointer;
}

std::vector<bool> toBools(napi_env env, napi_value array) {
  std::vector<bool> result(arrayLength(env, array));
  for (uint32_t i = 0; i < result.size(); i++) result[i] = toBool(env, element(env, array, i));
  return result;
}

template <class T>
std::vector<T> reversed(const std::vector<T>& list) {
  return {list.rbegin(), list.rend()};
}

// createReducer(group, parameters, expectSparse, names, options): the buckets as Python's class has them at first,
// the last parameters' before, in the order of their gradients. Options: bucketBytes, firstBucketBytes,
// bucketBytesList, findUnused, gradientAsBucketView, staticGraph, skipUnused, batchedCopy, moduleName, syncBuffers.
napi_value createReducer(const Call& call) {
  const auto option = [&](const char* name) { return property(call.env, call[4], name); };
  const auto flag = [&](const char* name) { return toBool(call.env, option(name)); };
  const std::vector<at::Tensor> parameters = toTensors(call.env, call[1]);
  const std::vector<bool> expectSparse = toBools(call.env, call[2]);
  std::unordered_map<size_t, std::string> names;
  for (uint32_t i = 0; i < parameters.size(); i++) {
    names[i] = toString(call.env, element(call.env, call[3], i));
  }
  const int64_t most = toInt(call.env, option("bucketBytes"));
  const int64_t first = toInt(call.env, option("firstBucketBytes"));
  const std::vector<int64_t> list = toIntList(call.env, option("bucketBytesList"));
  std::vector<size_t> limits(list.begin(), list.end());
  if (limits.empty()) {
    // One bucket until the order of the gradients is known.
    if (flag("staticGraph") || !flag("findUnused")) limits = {std::numeric_limits<int64_t>::max()};
    else if (first < most) limits = {static_cast<size_t>(first), static_cast<size_t>(most)};
    else limits = {static_cast<size_t>(most)};
  }
  const auto [indices, perBucket] =
      c10d::compute_bucket_assignment_by_size(parameters, limits, expectSparse);
  auto made = std::make_unique<ReducerOf>();
  made->reducer = makeReducer(flag("batchedCopy"), parameters, reversed(indices), groupOf(call, call[0]),
                              expectSparse, most, flag("findUnused"), flag("gradientAsBucketView"), names,
                              first, flag("skipUnused"), false, list);
  made->logger = std::make_shared<c10d::Logger>(made->reducer);
  made->reducer->set_logger(made->logger);
  made->logger->set_construction_data_and_log(toString(call.env, option("moduleName")), {}, -1,
                                              flag("syncBuffers"), false, flag("staticGraph"));
  return makeExternal(call.env, std::make_unique<ReducerHandle>(std::move(made)));
}

// verifyParameters(group, parameters)
napi_value verifyParameters(const Call& call) {
  c10d::verify_params_across_processes(groupOf(call, call[0]), toTensors(call.env, call[1]), std::nullopt);
  return nullptr;
}

// broadcastCoalesced(group, tensors, bytes, root, keepVersions)
napi_value broadcastCoalesced(const Call& call) {
  const std::vector<at::Tensor> tensors = toTensors(call.env, call[1]);
  std::vector<uint32_t> versions;
  const bool keep = toBool(call.env, call[4]);
  if (keep) {
    for (const at::Tensor& tensor : tensors) versions.push_back(tensor._version());
  }
  c10d::broadcast_coalesced(groupOf(call, call[0]), tensors, static_cast<size_t>(toInt(call.env, call[2])),
                            static_cast<int>(toInt(call.env, call[3])));
  for (size_t i = 0; i < versions.size(); i++) {
    c10::VariableVersion version = tensors[i].unsafeGetTensorImpl()->version_counter();
    version.set_version(versions[i]);
  }
  return nullptr;
}

napi_value prepareForForward(const Call& call) {
  reducerOf(call).logger->set_runtime_stats_and_log();
  reducerOf(call).reducer->prepare_for_forward();
  return nullptr;
}

// prepareForBackward(reducer, outputs)
napi_value prepareForBackward(const Call& call) {
  reducerOf(call).reducer->prepare_for_backward(toTensors(call.env, call[1]));
  return nullptr;
}

napi_value rebuildBuckets(const Call& call) {
  return fromBool(call.env, reducerOf(call).reducer->rebuild_buckets());
}

napi_value setStaticGraph(const Call& call) {
  reducerOf(call).reducer->set_static_graph();
  reducerOf(call).logger->set_static_graph();
  return nullptr;
}

// delayAllReduce(reducer): at the end of the backward that runs.
napi_value delayAllReduce(const Call& call) {
  torch::autograd::Engine::get_default_engine().queue_callback(
      [reducer = reducerOf(call).reducer] { reducer->delay_all_reduce(); });
  return nullptr;
}

// setForwardWork(reducer, work, divideByInitialWorldSize)
napi_value setForwardWork(const Call& call) {
  reducerOf(call).reducer->set_forward_pass_work_handle(workOf(call, call[1]), toBool(call.env, call[2]));
  return nullptr;
}

napi_value setUnevenInputs(const Call& call) {
  reducerOf(call).logger->set_uneven_input_join();
  return nullptr;
}

// matchBackward(reducer): the reductions of a backward, of zeros.
napi_value matchBackward(const Call& call) {
  c10d::Reducer& reducer = *reducerOf(call).reducer;
  std::vector<c10::intrusive_ptr<c10::ivalue::Future>> works;
  for (auto& bucket : reducer.get_grad_buckets()) works.push_back(reducer.run_comm_hook(bucket));
  for (const auto& work : works) work->waitAndThrow();
  return nullptr;
}

napi_value localUsedMap(const Call& call) {
  return makeTensor(call.env, reducerOf(call).reducer->get_local_used_map_on_device());
}

napi_value pushRebuiltParameters(const Call& call) {
  reducerOf(call).reducer->push_rebuilt_params_for_all_indices();
  return nullptr;
}

}  // namespace

void addReducer(napi_env env, napi_value exports) {
  add(env, exports, "createReducer", createReducer);
  add(env, exports, "verifyParameters", verifyParameters);
  add(env, exports, "broadcastCoalesced", broadcastCoalesced);
  add(env, exports, "prepareForForward", prepareForForward);
  add(env, exports, "prepareForBackward", prepareForBackward);
  add(env, exports, "rebuildBuckets", rebuildBuckets);
  add(env, exports, "setStaticGraph", setStaticGraph);
  add(env, exports, "delayAllReduce", delayAllReduce);
  add(env, exports, "setForwardWork", setForwardWork);
  add(env, exports, "setUnevenInputs", setUnevenInputs);
  add(env, exports, "matchBackward", matchBackward);
  add(env, exports, "localUsedMap", localUsedMap);
  add(env, exports, "pushRebuiltParameters", pushRebuiltParameters);
}

}  // namespace tandem
