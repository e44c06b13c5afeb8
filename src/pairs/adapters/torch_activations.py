"""The activation functions of both frameworks, by the names that they share here."""

import torch
from torch.nn import functional as F

ACTIVATIONS = {
    "linear": lambda x, p: x,
    "relu": lambda x, p: torch.relu(x),
    "relu6": lambda x, p: F.relu6(x),
    "leakyRelu": lambda x, p: F.leaky_relu(x, p["slope"]),
    "elu": lambda x, p: F.elu(x, p.get("alpha", 1.0)),
    "selu": lambda x, p: F.selu(x),
    "celu": lambda x, p: F.celu(x, p.get("alpha", 1.0)),
    "gelu": lambda x, p: F.gelu(x, approximate=p.get("approximate", "none")),
    "quickGelu": lambda x, p: x * torch.sigmoid(1.702 * x),
    "sigmoid": lambda x, p: torch.sigmoid(x),
    "tanh": lambda x, p: torch.tanh(x),
    "softplus": lambda x, p: F.softplus(x * p.get("beta", 1.0), 1.0, 40.0) / p.get("beta", 1.0),
    "softsign": lambda x, p: F.softsign(x),
    "swish": lambda x, p: F.silu(x),
    "mish": lambda x, p: F.mish(x),
    "exponential": lambda x, p: torch.exp(x),
    "hardSwish": lambda x, p: F.hardswish(x),
    "hardSigmoid": lambda x, p: torch.clamp(x * p.get("slope", 1 / 6) + 0.5, 0, 1),
    "hardTanh": lambda x, p: torch.clamp(x, p.get("low", -1.0), p.get("high", 1.0)),
    "softmax": lambda x, p: torch.softmax(x, p.get("axis", -1)),
    "logSoftmax": lambda x, p: torch.log_softmax(x, p.get("axis", -1)),
    "logSigmoid": lambda x, p: F.logsigmoid(x),
}
