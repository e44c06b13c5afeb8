// Custom functions: nodes whose backward is written in JavaScript.
#include <c10/core/DeviceGuard.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/csrc/autograd/variable_info.h>

#include "callback.h"
#include "exports.h"
#include "handle.h"
#include "node.h"

namespace tandem {
namespace {

namespace autograd = torch::autograd;

// The node of one call of a custom function.
struct FunctionNode : OwnNode {
  FunctionNode(std::string name, napi_env env, napi_value backward)
      : label(std::move(name)), backward(env, backward) {}

  autograd::variable_list apply(autograd::variable_list&& gradients) override {
    at::OptionalDeviceGuard guard;
    for (size_t i = 0; materialize && i < gradients.size(); i++) {
      if (!gradients[i].defined() && i < outputs.size()) gradients[i] = outputs[i].zeros(guard);
    }
    auto result = backward({&gradients});
    return result ? std::move(*result) : autograd::variable_list(num_outputs());
  }

  void release_variables() override {
    saved.clear();
    freed = true;
  }
  // The context's weak pointer keeps this object in memory, and this object's function the context.
  void release_resources() override {
    backward.remove();
    saved.clear();
    OwnNode::release_resources();
  }
  std::string name() const override { return label; }

  const std::string label;
  Callback backward;
  bool materialize = true;
  bool freed = false;
  std::vector<autograd::SavedVariable> saved;
  std::vector<autograd::VariableInfo> outputs;
};

std::unordered_set<at::TensorImpl*> impls(const autograd::variable_list& list) {
  std::unordered_set<at::TensorImpl*> set;
  for (const auto& tensor : list) {
    if (tensor.defined()) set.insert(tensor.unsafeGetTensorImpl());
  }
  return set;
}

FunctionNode& functionNode(const NodePtr& node) {
  auto* made = dynamic_cast<FunctionNode*>(node.get());
  if (!made) throw JsError("TypeError", "expected the node of a custom function");
  return *made;
}

// functionNode(name, inputs, backward) → node, before forward runs
napi_value makeFunctionNode(const Call& call) {
  auto node = makeNodePtr<FunctionNode>(toString(call.env, call[0]), call.env, call[2]);
  for (const auto& input : toTensors(call.env, call[1])) {
    node->add_next_edge(autograd::impl::gradient_edge(input));
  }
  return makeNode(call.env, node);
}

// wrapOutputs(node or null, inputs, outputs, nonDifferentiable, dirty, saved, materialize, setup)
//   → { outputs, node }: outputs as the graph has them, null where one is the very tensor given
napi_value wrapOutputs(const Call& call) {
  const napi_env env = call.env;
  const auto inputs = toTensors(env, call[1]);
  const auto given = toTensors(env, call[2]);
  const auto nonDifferentiable = toTensors(env, call[3]);
  const auto dirty = toTensors(env, call[4]);
  const auto toSave = toTensors(env, call[5]);
  const bool materialize = toBool(env, call[6]), setup = toBool(env, call[7]);
  NodePtr node;
  if (!isNullish(env, call[0])) node = getNode(env, call[0]);

  for (const auto& tensor : dirty) autograd::impl::bump_version(tensor);
  std::vector<std::optional<at::Tensor>> raw;
  for (const auto& tensor : given) {
    raw.push_back(tensor.defined() ? std::optional<at::Tensor>(tensor) : std::nullopt);
  }
  const autograd::_jvp_fn_t noJvp = [](autograd::variable_list, autograd::variable_list) {
    throw JsError("NotImplementedError",
                  "You must implement the jvp function for custom autograd.Function to use it with forward mode AD.");
    return autograd::variable_list();
  };
  const autograd::_view_as_self_fn_t viewAsSelf = [](at::Tensor x) { return x.view_as(x); };
  const auto wrapped = wrapOutputsOf(
      inputs, impls(nonDifferentiable), impls(dirty), raw, node, noJvp,
      setup ? impls(toSave) : std::unordered_set<at::TensorImpl*>(), viewAsSelf, false);

  if (node) {
    FunctionNode& made = functionNode(node);
    made.materialize = materialize;
    for (const auto& output : wrapped) {
      made.outputs.push_back(output ? autograd::VariableInfo(*output) : autograd::VariableInfo());
    }
    for (const auto& tensor : toSave) {
      const bool isOutput = tensor.defined() && tensor.grad_fn() == node;
      made.saved.emplace_back(tensor, isOutput);
    }
  }
  TensorList outputs;
  for (size_t i = 0; i < wrapped.size(); i++) {
    const bool same = wrapped[i] && wrapped[i]->is_same(given[i]);
    outputs.push_back(wrapped[i] && !same ? *wrapped[i] : at::Tensor());
  }
  const napi_value result = makeObject(env);
  setProperty(env, result, "outputs", fromTensors(env, outputs));
  setProperty(env, result, "node", makeNode(env, node, true));
  return result;
}

// savedTensors(node) → the tensors that forward has saved, null for each null
napi_value savedTensors(const Call& call) {
  const auto node = getNode(call.env, call[0]);
  FunctionNode& made = functionNode(node);
  if (made.freed) throw JsError("RuntimeError", autograd::ERR_BACKWARD_TWICE);
  TensorList saved;
  for (const auto& variable : made.saved) saved.push_back(variable.unpack(node));
  return fromTensors(call.env, saved);
}

}  // namespace

void addFunctions(napi_env env, napi_value exports) {
  add(env, exports, "makeFunctionNode", makeFunctionNode);
  add(env, exports, "wrapOutputs", wrapOutputs);
  add(env, exports, "savedTensors", savedTensors);
}

}  // namespace tandem
