// A JavaScript External that points to a node of autograd's graph.
#pragma once
#include <node_api.h>

#include <torch/csrc/autograd/node.h>

namespace tandem {

// A strong handle keeps its node alive; a weak one does not.
napi_value makeNode(napi_env env, c10::intrusive_ptr<torch::autograd::Node> node, bool weak = false);
// The node behind a value; throws for anything else, and for a node that is gone.
c10::intrusive_ptr<torch::autograd::Node> getNode(napi_env env, napi_value value);

}  // namespace tandem
