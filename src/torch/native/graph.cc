// Autograd's graph as JavaScript sees it: its nodes, and anomaly mode's traces of where they were made.
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/graph_task.h>
#include <torch/csrc/autograd/variable.h>

#include "exports.h"
#include "handle.h"
#include "node.h"
#include "saved-hooks.h"

namespace tandem {
namespace {

struct NodeHandle : Handle {
  NodeHandle(const NodePtr& node, bool isWeak)
      : Handle(Kind::node, 0), strong(isWeak ? NodePtr() : node), weak(node) {}
  const NodePtr strong;
  const WeakNodePtr weak;
};

// gradFn(tensor) → node, null for a leaf
napi_value gradFn(const Call& call) {
  return makeNode(call.env, getTensor(call.env, call[0]).grad_fn());
}
napi_value fromEdge(napi_env env, const torch::autograd::Edge& edge) {
  return makeArray(env, 2, [&](uint32_t i) {
    return i == 0 ? makeNode(env, edge.function) : fromInt(env, edge.input_nr);
  });
}
// gradEdge(tensor) → [node, number]: where its gradient goes, for a leaf the node that accumulates
napi_value gradEdge(const Call& call) {
  return fromEdge(call.env, torch::autograd::impl::gradient_edge(getTensor(call.env, call[0])));
}
// graphTask() → the number of the backward that runs on this thread, -1 for none
napi_value graphTask(const Call& call) {
  return fromInt(call.env, torch::autograd::get_current_graph_task_id());
}
// willExecute(node) → whether the backward that runs on this thread comes to a node
napi_value willExecute(const Call& call) {
  const NodePtr node = getNode(call.env, call[0]);
  const auto* infos = torch::autograd::get_current_graph_task_exec_info();
  const auto* nodes = torch::autograd::get_current_graph_task_nodes_in_graph();
  bool does = infos && nodes && nodes->find(node.get()) != nodes->end();
  if (does && !infos->empty()) {
    const auto found = infos->find(node.get());
    does = found != infos->end() && found->second.should_execute();
  }
  return fromBool(call.env, does);
}
napi_value nodeName(const Call& call) {
  return fromString(call.env, getNode(call.env, call[0])->name());
}
napi_value nodeId(const Call& call) {
  return fromInt(call.env, reinterpret_cast<int64_t>(getNode(call.env, call[0]).get()));
}
// nextNodes(node) → [node, input number] for each of its inputs; null for one without gradient
napi_value nextNodes(const Call& call) {
  const NodePtr node = getNode(call.env, call[0]);
  return makeArray(call.env, node->num_outputs(),
                   [&](uint32_t i) { return fromEdge(call.env, node->next_edge(i)); });
}
// nodeVariable(node) → the leaf that a node accumulates into; null for any other node
napi_value nodeVariable(const Call& call) {
  const NodePtr node = getNode(call.env, call[0]);
  auto* accumulate = dynamic_cast<torch::autograd::AccumulateGrad*>(node.get());
  return makeTensor(call.env, accumulate ? accumulate->variable : at::Tensor());
}

// --- Anomaly mode -----------------------------------------------------------------------------------

// Remembers the line of JavaScript that made a node.
struct Trace : torch::autograd::AnomalyMetadata {
  std::string stack;
  NodePtr parent;

  void store_stack() override {
    if (auto* environment = Environment::ofThread()) stack = environment->stackTrace();
  }
  void assign_parent(const NodePtr& node) override { parent = node; }
  void print_stack(const std::string& name) override {
    std::string text = "Error detected in " + name +
                       ". Traceback of forward call that caused the error:\n" + stack;
    for (NodePtr node = parent; node;) {
      auto* trace = dynamic_cast<Trace*>(node->metadata());
      if (!trace) break;
      text += "\n\nPrevious calculation was induced by " + node->name() +
              ". Traceback of forward call that induced the previous calculation:\n" + trace->stack;
      node = trace->parent;
    }
    if (auto* environment = Environment::ofThread()) environment->warn(std::move(text), "");
  }
};

struct TracingEngine : torch::autograd::Engine {
  std::unique_ptr<torch::autograd::AnomalyMetadata> make_anomaly_metadata() override {
    return std::make_unique<Trace>();
  }
  std::unique_ptr<torch::autograd::SavedVariableHooks> get_default_saved_variable_hooks() override {
    return savedHooks();
  }
};

torch::autograd::Engine& engine() {
  // Never destroyed: its threads may outlive all else.
  static auto* const instance = new TracingEngine;
  return *instance;
}

// setTracer(stack): what gives the JavaScript stack.
napi_value setTracer(const Call& call) {
  setFunction(call, call.environment.tracer);
  return nullptr;
}
// setDetectAnomaly(enabled, checkNan)
napi_value setDetectAnomaly(const Call& call) {
  torch::autograd::AnomalyMode::set_enabled(toBool(call.env, call[0]), toBool(call.env, call[1]));
  return nullptr;
}
napi_value isAnomalyEnabled(const Call& call) {
  return fromBool(call.env, torch::autograd::AnomalyMode::is_enabled());
}
napi_value isAnomalyCheckNanEnabled(const Call& call) {
  return fromBool(call.env, torch::autograd::AnomalyMode::should_check_nan());
}

}  // namespace

napi_value makeNode(napi_env env, NodePtr node, bool weak) {
  return node ? makeExternal(env, std::make_unique<NodeHandle>(node, weak)) : null(env);
}

NodePtr getNode(napi_env env, napi_value value) {
  auto* handle = static_cast<NodeHandle*>(asHandle(env, value, Kind::node));
  if (!handle) throw JsError("TypeError", "expected a node");
  NodePtr node = handle->strong ? handle->strong : handle->weak.lock();
  if (!node) throw JsError("RuntimeError", "the node's graph is gone");
  return node;
}

void addGraph(napi_env env, napi_value exports) {
  torch::autograd::set_default_engine_stub(engine);
  add(env, exports, "gradFn", gradFn);
  add(env, exports, "gradEdge", gradEdge);
  add(env, exports, "graphTask", graphTask);
  add(env, exports, "willExecute", willExecute);
  add(env, exports, "nodeName", nodeName);
  add(env, exports, "nodeId", nodeId);
  add(env, exports, "nextNodes", nextNodes);
  add(env, exports, "nodeVariable", nodeVariable);
  add(env, exports, "setTracer", setTracer);
  add(env, exports, "setDetectAnomaly", setDetectAnomaly);
  add(env, exports, "isAnomalyEnabled", isAnomalyEnabled);
  add(env, exports, "isAnomalyCheckNanEnabled", isAnomalyCheckNanEnabled);
}

}  // namespace tandem
