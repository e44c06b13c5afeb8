// Hooks of tensors, and what a run of autograd's engine means for those that it calls.
#pragma once
#include <node_api.h>

#include <memory>
#include <vector>

#include "callback.h"
#include "versions.h"

namespace tandem {

// A hook of a tensor, and the JavaScript tensor that it was registered on, which holds it as well.
struct TensorHook {
  std::weak_ptr<Callback> callback;
  c10::weak_intrusive_ptr<c10::TensorImpl> impl;
  WeakNodePtr node;
  bool leaf;
  napi_ref owner;
};

// Lives as long as the engine runs.
struct EngineRun {
  EngineRun(Environment& environment, bool freesGraph);
  ~EngineRun();
  const bool freesGraph;
  EngineRun* const outer;
  // The hooks of interior tensors that it has called.
  std::vector<std::shared_ptr<Callback>> called;
};

}  // namespace tandem
