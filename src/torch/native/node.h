// A JavaScript External that points to a node of autograd's graph.
#pragma once
#include <node_api.h>

#include "versions.h"

namespace tandem {

// A strong handle keeps its node alive; a weak one does not.
napi_value makeNode(napi_env env, NodePtr node, bool weak = false);
// The node behind a value; throws for anything else, and for a node that is gone.
NodePtr getNode(napi_env env, napi_value value);

}  // namespace tandem
