// Process groups on Gloo, and their collectives.
#define USE_C10D_GLOO
#include <torch/csrc/distributed/c10d/GroupRegistry.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "distributed.h"

// The names of three collectives up to 2.12, which are still there.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace tandem {
namespace {

using c10d::ProcessGroup;

int rankOf(const Call& call, napi_value value) { return static_cast<int>(toInt(call.env, value)); }

// createProcessGroup(store, rank, size, timeout, name, description, globalRanks)
napi_value createProcessGroup(const Call& call) {
  const StorePtr& store = storeOfHandle(call, call[0]);
  const int rank = rankOf(call, call[1]), size = rankOf(call, call[2]);
  const std::string name = toString(call.env, call[4]);
  // The same keys as Python's, so that processes of both may form a group.
  const auto own = c10::make_intrusive<c10d::PrefixStore>(name + "/", store);
  auto options = c10d::ProcessGroupGloo::Options::create_default(milliseconds(call, call[3]));
  for (const int64_t each : toIntList(call.env, call[6])) {
    options->global_ranks_in_group.push_back(static_cast<uint64_t>(each));
  }
  options->group_name = name;
  const auto backend = c10::make_intrusive<c10d::ProcessGroupGloo>(
      c10::make_intrusive<c10d::PrefixStore>("cpu/", own), rank, size, options);
  backend->setSequenceNumberForGroup();
  auto group = c10::make_intrusive<ProcessGroup>(own, rank, size);
  group->setDefaultBackend(ProcessGroup::BackendType::GLOO);
  group->setBackend(c10::DeviceType::CPU, ProcessGroup::BackendType::GLOO, backend);
  group->setGroupName(name);
  group->setGroupDesc(toString(call.env, call[5]));
  c10d::register_process_group(name, group);
  return makeExternal(call.env, std::make_unique<GroupHandle>(std::move(group)));
}

napi_value destroyProcessGroup(const Call& call) {
  auto& handle = handleOf<GroupHandle>(call, call[0], Kind::group, "Invalid process group specified");
  const GroupPtr group = std::move(handle.pointer);
  group->shutdown();
  c10d::unregister_process_group(group->getGroupName());
  return nullptr;
}

// Waits, or gives the work to wait for; null where there is none.
napi_value finish(const Call& call, WorkPtr work, bool async) {
  if (!work) return null(call.env);
  if (async) return makeExternal(call.env, std::make_unique<WorkHandle>(std::move(work)));
  work->wait();
  return null(call.env);
}

c10d::ReduceOp reduceOp(const Call& call, napi_value value) {
  return static_cast<c10d::ReduceOp::RedOpType>(toInt(call.env, value));
}

// allReduce(group, tensor, op, async)
napi_value allReduce(const Call& call) {
  std::vector<at::Tensor> tensors{getTensor(call.env, call[1])};
  c10d::AllreduceOptions options;
  options.reduceOp = reduceOp(call, call[2]);
  options.asyncOp = toBool(call.env, call[3]);
  return finish(call, groupOf(call, call[0])->allreduce(tensors, options), options.asyncOp);
}

// broadcast(group, tensor, root, async)
napi_value broadcast(const Call& call) {
  std::vector<at::Tensor> tensors{getTensor(call.env, call[1])};
  c10d::BroadcastOptions options;
  options.rootRank = toInt(call.env, call[2]);
  options.asyncOp = toBool(call.env, call[3]);
  return finish(call, groupOf(call, call[0])->broadcast(tensors, options), options.asyncOp);
}

// reduce(group, tensor, root, op, async)
napi_value reduce(const Call& call) {
  std::vector<at::Tensor> tensors{getTensor(call.env, call[1])};
  c10d::ReduceOptions options;
  options.rootRank = toInt(call.env, call[2]);
  options.reduceOp = reduceOp(call, call[3]);
  options.asyncOp = toBool(call.env, call[4]);
  return finish(call, groupOf(call, call[0])->reduce(tensors, options), options.asyncOp);
}

// allGather(group, outputs, input, async)
napi_value allGather(const Call& call) {
  std::vector<std::vector<at::Tensor>> outputs{toTensors(call.env, call[1])};
  std::vector<at::Tensor> inputs{getTensor(call.env, call[2])};
  c10d::AllgatherOptions options;
  options.asyncOp = toBool(call.env, call[3]);
  return finish(call, groupOf(call, call[0])->allgather(outputs, inputs, options), options.asyncOp);
}

// allGatherIntoTensor(group, output, input, async)
napi_value allGatherIntoTensor(const Call& call) {
  at::Tensor output = getTensor(call.env, call[1]), input = getTensor(call.env, call[2]);
  c10d::AllgatherOptions options;
  options.asyncOp = toBool(call.env, call[3]);
  return finish(call, groupOf(call, call[0])->_allgather_base(output, input, options), options.asyncOp);
}

// gather(group, outputs, input, root, async): outputs are null but at the root
napi_value gather(const Call& call) {
  std::vector<std::vector<at::Tensor>> outputs;
  if (!isNullish(call.env, call[1])) outputs.push_back(toTensors(call.env, call[1]));
  std::vector<at::Tensor> inputs{getTensor(call.env, call[2])};
  c10d::GatherOptions options;
  options.rootRank = toInt(call.env, call[3]);
  options.asyncOp = toBool(call.env, call[4]);
  return finish(call, groupOf(call, call[0])->gather(outputs, inputs, options), options.asyncOp);
}

// scatter(group, output, inputs, root, async): inputs are null but at the root
napi_value scatter(const Call& call) {
  std::vector<at::Tensor> outputs{getTensor(call.env, call[1])};
  std::vector<std::vector<at::Tensor>> inputs;
  if (!isNullish(call.env, call[2])) inputs.push_back(toTensors(call.env, call[2]));
  c10d::ScatterOptions options;
  options.rootRank = toInt(call.env, call[3]);
  options.asyncOp = toBool(call.env, call[4]);
  return finish(call, groupOf(call, call[0])->scatter(outputs, inputs, options), options.asyncOp);
}

// reduceScatter(group, output, inputs, op, async)
napi_value reduceScatter(const Call& call) {
  std::vector<at::Tensor> outputs{getTensor(call.env, call[1])};
  std::vector<std::vector<at::Tensor>> inputs{toTensors(call.env, call[2])};
  c10d::ReduceScatterOptions options;
  options.reduceOp = reduceOp(call, call[3]);
  options.asyncOp = toBool(call.env, call[4]);
  return finish(call, groupOf(call, call[0])->reduce_scatter(outputs, inputs, options), options.asyncOp);
}

// reduceScatterTensor(group, output, input, op, async)
napi_value reduceScatterTensor(const Call& call) {
  at::Tensor output = getTensor(call.env, call[1]), input = getTensor(call.env, call[2]);
  c10d::ReduceScatterOptions options;
  options.reduceOp = reduceOp(call, call[3]);
  options.asyncOp = toBool(call.env, call[4]);
  return finish(call, groupOf(call, call[0])->_reduce_scatter_base(output, input, options), options.asyncOp);
}

// allToAll(group, outputs, inputs, async)
napi_value allToAll(const Call& call) {
  std::vector<at::Tensor> outputs = toTensors(call.env, call[1]), inputs = toTensors(call.env, call[2]);
  c10d::AllToAllOptions options;
  options.asyncOp = toBool(call.env, call[3]);
  return finish(call, groupOf(call, call[0])->alltoall(outputs, inputs, options), options.asyncOp);
}

// allToAllSingle(group, output, input, outputSplits, inputSplits, async)
napi_value allToAllSingle(const Call& call) {
  at::Tensor output = getTensor(call.env, call[1]), input = getTensor(call.env, call[2]);
  std::vector<int64_t> outputSplits = toIntList(call.env, call[3]), inputSplits = toIntList(call.env, call[4]);
  c10d::AllToAllOptions options;
  options.asyncOp = toBool(call.env, call[5]);
  const WorkPtr work =
      groupOf(call, call[0])->alltoall_base(output, input, outputSplits, inputSplits, options);
  return finish(call, work, options.asyncOp);
}

// send(group, tensor, destination, tag) → work
napi_value send(const Call& call) {
  std::vector<at::Tensor> tensors{getTensor(call.env, call[1])};
  return finish(call, groupOf(call, call[0])->send(tensors, rankOf(call, call[2]), rankOf(call, call[3])), true);
}

// recv(group, tensor, source, tag) → work; a source of -1 is any
napi_value recv(const Call& call) {
  std::vector<at::Tensor> tensors{getTensor(call.env, call[1])};
  const GroupPtr& group = groupOf(call, call[0]);
  const int source = rankOf(call, call[2]), tag = rankOf(call, call[3]);
  return finish(call, source < 0 ? group->recvAnysource(tensors, tag) : group->recv(tensors, source, tag), true);
}

// barrier(group, timeout, async); no timeout of its own is -1
napi_value barrier(const Call& call) {
  c10d::BarrierOptions options;
  options.timeout = milliseconds(call, call[1]);
  options.device = c10::Device(c10::kCPU);
  options.asyncOp = toBool(call.env, call[2]);
  return finish(call, groupOf(call, call[0])->barrier(options), options.asyncOp);
}

// monitoredBarrier(group, timeout, waitAllRanks)
napi_value monitoredBarrier(const Call& call) {
  c10d::BarrierOptions options;
  options.timeout = milliseconds(call, call[1]);
  groupOf(call, call[0])->monitoredBarrier(options, toBool(call.env, call[2]));
  return nullptr;
}

// workWait(work, timeout): a timeout of 0 is none
napi_value workWait(const Call& call) {
  return fromBool(call.env, workOf(call, call[0])->wait(milliseconds(call, call[1])));
}
napi_value workIsCompleted(const Call& call) {
  return fromBool(call.env, workOf(call, call[0])->isCompleted());
}
napi_value workIsSuccess(const Call& call) {
  return fromBool(call.env, workOf(call, call[0])->isSuccess());
}
napi_value workSourceRank(const Call& call) {
  return fromInt(call.env, workOf(call, call[0])->sourceRank());
}
napi_value workResult(const Call& call) {
  return fromTensors(call.env, workOf(call, call[0])->result());
}

}  // namespace

void addProcessGroups(napi_env env, napi_value exports) {
  add(env, exports, "createProcessGroup", createProcessGroup);
  add(env, exports, "destroyProcessGroup", destroyProcessGroup);
  add(env, exports, "allReduce", allReduce);
  add(env, exports, "broadcast", broadcast);
  add(env, exports, "reduce", reduce);
  add(env, exports, "allGather", allGather);
  add(env, exports, "allGatherIntoTensor", allGatherIntoTensor);
  add(env, exports, "gather", gather);
  add(env, exports, "scatter", scatter);
  add(env, exports, "reduceScatter", reduceScatter);
  add(env, exports, "reduceScatterTensor", reduceScatterTensor);
  add(env, exports, "allToAll", allToAll);
  add(env, exports, "allToAllSingle", allToAllSingle);
  add(env, exports, "send", send);
  add(env, exports, "recv", recv);
  add(env, exports, "barrier", barrier);
  add(env, exports, "monitoredBarrier", monitoredBarrier);
  add(env, exports, "workWait", workWait);
  add(env, exports, "workIsCompleted", workIsCompleted);
  add(env, exports, "workIsSuccess", workIsSuccess);
  add(env, exports, "workSourceRank", workSourceRank);
  add(env, exports, "workResult", workResult);
}

}  // namespace tandem

#pragma GCC diagnostic pop
