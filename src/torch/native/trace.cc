// torch.jit.trace: the operators of one call, as a program of TorchScript.
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/frontend/tracer.h>

#include "exports.h"
#include "script-values.h"

namespace tandem {
namespace {

using torch::jit::Module;
namespace tracer = torch::jit::tracer;

// The modules that are made already, by the numbers of those in JavaScript: one that is used twice is one.
using Made = std::unordered_map<uint32_t, Module>;

template <typename Visit>
void eachEntry(napi_env env, napi_value object, const char* name, Visit visit) {
  const napi_value entries = property(env, object, name);
  const uint32_t count = arrayLength(env, entries);
  for (uint32_t i = 0; i < count; i++) {
    const napi_value entry = element(env, entries, i);
    visit(toString(env, element(env, entry, 0)), element(env, entry, 1));
  }
}

// A module of the structure { id, name, training, parameters, buffers, modules }, the last three as lists of names and
// values; it holds the same tensors.
Module makeModule(napi_env env, napi_value structure, const std::shared_ptr<torch::jit::CompilationUnit>& unit,
                  Made& made) {
  const uint32_t id = toUint32(env, property(env, structure, "id"));
  if (const auto found = made.find(id); found != made.end()) return found->second;
  Module module(c10::QualifiedName("__torch__." + toString(env, property(env, structure, "name"))), unit, true);
  made.emplace(id, module);
  module.register_attribute("training", c10::BoolType::get(),
                            toBool(env, property(env, structure, "training")));
  eachEntry(env, structure, "parameters", [&](const std::string& name, napi_value value) {
    module.register_parameter(name, getTensor(env, value), false);
  });
  eachEntry(env, structure, "buffers", [&](const std::string& name, napi_value value) {
    module.register_buffer(name, getTensor(env, value));
  });
  eachEntry(env, structure, "modules", [&](const std::string& name, napi_value value) {
    module.register_module(name, makeModule(env, value, unit, made));
  });
  return module;
}

// scriptTrace(structure, inputs, function, argumentNames, strict, isModule) → the module, whose forward does what the
// function has done.
napi_value scriptTrace(const Call& call) {
  const napi_env env = call.env;
  const bool isModule = toBool(env, call[5]);
  Made made;
  Module module = makeModule(env, call[0], std::make_shared<torch::jit::CompilationUnit>(), made);
  const torch::jit::Stack inputs = toScriptValue(env, call[1]).toTupleRef().elements().vec();
  std::vector<std::string> names;
  const uint32_t count = arrayLength(env, call[3]);
  for (uint32_t i = 0; i < count; i++) names.push_back(toString(env, element(env, call[3], i)));

  const auto run = [&](torch::jit::Stack stack) -> torch::jit::Stack {
    std::vector<napi_value> values;
    for (const auto& value : stack) values.push_back(fromScriptValue(env, value));
    return {toScriptValue(env, callFunction(env, call[2], values.size(), values.data()))};
  };
  auto graph = tracer::trace(inputs, run, [](const at::Tensor&) { return ""; },
                             toBool(env, call[4]), false, isModule ? &module : nullptr, names)
                   .first->graph;
  if (!isModule) {
    graph = graph->copy();
    graph->insertInput(0, "self")->setType(module._ivalue()->type());
  }
  const c10::QualifiedName method(*module.type()->name(), "forward");
  module.type()->addMethod(module._ivalue()->compilation_unit()->create_function(method, graph));
  return makeScript(env, module._ivalue());
}

// isTracing()
napi_value isTracing(const Call& call) { return fromBool(call.env, tracer::isTracing()); }

// enterScope(name), leaveScope(): the operators in between belong to the module of that name.
napi_value enterScope(const Call& call) {
  if (const auto& state = tracer::getTracingState()) state->graph->push_scope(toString(call.env, call[0]));
  return nullptr;
}
napi_value leaveScope(const Call&) {
  if (const auto& state = tracer::getTracingState()) state->graph->pop_scope();
  return nullptr;
}

}  // namespace

void addTrace(napi_env env, napi_value exports) {
  add(env, exports, "scriptTrace", scriptTrace);
  add(env, exports, "isTracing", isTracing);
  add(env, exports, "enterScope", enterScope);
  add(env, exports, "leaveScope", leaveScope);
}

}  // namespace tandem
