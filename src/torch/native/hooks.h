// What a run of autograd's engine means for the hooks that it calls.
#pragma once
#include <node_api.h>

#include <memory>
#include <vector>

#include "callback.h"

namespace tandem {

// Lives as long as the engine runs.
struct EngineRun {
  EngineRun(napi_env env, bool freesGraph);
  ~EngineRun();
  const bool freesGraph;
  EngineRun* const outer;
  // The hooks of interior tensors that it has called.
  std::vector<std::shared_ptr<Callback>> called;
};

}  // namespace tandem
