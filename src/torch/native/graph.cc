// Autograd's graph as JavaScript sees it: its nodes, and anomaly mode's traces of where they were made.
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/variable.h>

#include "exports.h"
#include "handle.h"
#include "node.h"

namespace tandem {
namespace {

using torch::autograd::Node;
using NodePtr = c10::intrusive_ptr<Node>;

constexpr Kind nodeKind = static_cast<Kind>(0x7e5a0003);

// The kind stands first, as in Handle, so that neither is taken for the other.
struct NodeHandle {
  const Kind kind = nodeKind;
  NodePtr strong;
  c10::weak_intrusive_ptr<Node> weak;
};

napi_value fromInt(napi_env env, int64_t value) {
  napi_value result;
  check(env, napi_create_int64(env, value, &result));
  return result;
}

// gradFn(tensor) → node, null for a leaf
napi_value gradFn(const Call& call) {
  return makeNode(call.env, getTensor(call.env, call[0]).grad_fn());
}
// gradEdge(tensor) → [node, number]: where its gradient goes, for a leaf the node that accumulates
napi_value gradEdge(const Call& call) {
  const auto edge = torch::autograd::impl::gradient_edge(getTensor(call.env, call[0]));
  napi_value pair;
  check(call.env, napi_create_array_with_length(call.env, 2, &pair));
  napi_set_element(call.env, pair, 0, makeNode(call.env, edge.function));
  napi_set_element(call.env, pair, 1, fromInt(call.env, edge.input_nr));
  return pair;
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
  napi_value edges;
  check(call.env, napi_create_array_with_length(call.env, node->num_outputs(), &edges));
  for (uint32_t i = 0; i < node->num_outputs(); i++) {
    const auto& edge = node->next_edge(i);
    napi_value pair;
    check(call.env, napi_create_array_with_length(call.env, 2, &pair));
    napi_set_element(call.env, pair, 0, makeNode(call.env, edge.function));
    napi_set_element(call.env, pair, 1, fromInt(call.env, edge.input_nr));
    napi_set_element(call.env, edges, i, pair);
  }
  return edges;
}
// nodeVariable(node) → the leaf that a node accumulates into; null for any other node
napi_value nodeVariable(const Call& call) {
  const NodePtr node = getNode(call.env, call[0]);
  auto* accumulate = dynamic_cast<torch::autograd::AccumulateGrad*>(node.get());
  return makeTensor(call.env, accumulate ? accumulate->variable : at::Tensor());
}

// --- Anomaly mode -----------------------------------------------------------------------------------

// JavaScript's functions that give its stack and show a report; only of use on its own thread.
struct Tracer {
  napi_env env = nullptr;
  napi_ref stack = nullptr;
  napi_ref report = nullptr;
  std::thread::id thread;
} tracer;

// Calls one of them; null where that can't be.
napi_value callTracer(napi_ref reference, size_t count, const napi_value* args) {
  if (!reference || std::this_thread::get_id() != tracer.thread) return nullptr;
  napi_value function, global, result = nullptr;
  napi_get_reference_value(tracer.env, reference, &function);
  napi_get_global(tracer.env, &global);
  napi_call_function(tracer.env, global, function, count, args, &result);
  return result;
}

std::string stackTrace() {
  const napi_value stack = callTracer(tracer.stack, 0, nullptr);
  return stack ? toString(tracer.env, stack) : "";
}

// Remembers the line of JavaScript that made a node.
struct Trace : torch::autograd::AnomalyMetadata {
  std::string stack;
  NodePtr parent;

  void store_stack() override { stack = stackTrace(); }
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
    if (!tracer.env || std::this_thread::get_id() != tracer.thread) return;
    const napi_value message = fromString(tracer.env, text);
    callTracer(tracer.report, 1, &message);
  }
};

struct TracingEngine : torch::autograd::Engine {
  std::unique_ptr<torch::autograd::AnomalyMetadata> make_anomaly_metadata() override {
    return std::make_unique<Trace>();
  }
};

torch::autograd::Engine& engine() {
  // Never destroyed: its threads may outlive all else.
  static auto* const instance = new TracingEngine;
  return *instance;
}

// setTracer(stack, report): what gives the JavaScript stack, and what shows a report.
napi_value setTracer(const Call& call) {
  tracer.env = call.env;
  tracer.thread = std::this_thread::get_id();
  check(call.env, napi_create_reference(call.env, call[0], 1, &tracer.stack));
  check(call.env, napi_create_reference(call.env, call[1], 1, &tracer.report));
  return nullptr;
}
// setDetectAnomaly(enabled, checkNan)
napi_value setDetectAnomaly(const Call& call) {
  bool enabled = false, checkNan = true;
  check(call.env, napi_get_value_bool(call.env, call[0], &enabled));
  check(call.env, napi_get_value_bool(call.env, call[1], &checkNan));
  torch::autograd::AnomalyMode::set_enabled(enabled, checkNan);
  return nullptr;
}
napi_value isAnomalyEnabled(const Call& call) {
  napi_value result;
  napi_get_boolean(call.env, torch::autograd::AnomalyMode::is_enabled(), &result);
  return result;
}
napi_value isAnomalyCheckNanEnabled(const Call& call) {
  napi_value result;
  napi_get_boolean(call.env, torch::autograd::AnomalyMode::should_check_nan(), &result);
  return result;
}

}  // namespace

napi_value makeNode(napi_env env, NodePtr node, bool weak) {
  napi_value external;
  if (!node) {
    napi_get_null(env, &external);
    return external;
  }
  auto* handle = new NodeHandle{nodeKind, weak ? NodePtr() : node,
                                c10::weak_intrusive_ptr<Node>(node)};
  const auto finalize = [](node_api_basic_env, void* data, void*) {
    delete static_cast<NodeHandle*>(data);
  };
  if (napi_create_external(env, handle, finalize, nullptr, &external) != napi_ok) {
    delete handle;
    throw JsError("RuntimeError", "could not create a native handle");
  }
  return external;
}

NodePtr getNode(napi_env env, napi_value value) {
  void* data = nullptr;
  napi_get_value_external(env, value, &data);
  auto* handle = static_cast<NodeHandle*>(data);
  if (!handle || handle->kind != nodeKind) throw JsError("TypeError", "expected a node");
  NodePtr node = handle->strong ? handle->strong : handle->weak.lock();
  if (!node) throw JsError("RuntimeError", "the node's graph is gone");
  return node;
}

void addGraph(napi_env env, napi_value exports) {
  torch::autograd::set_default_engine_stub(engine);
  add(env, exports, "gradFn", gradFn);
  add(env, exports, "gradEdge", gradEdge);
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
