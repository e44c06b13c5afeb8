"""Does the work of parity's nn cases in Python.

Reads a JSON object with `seed` and `cases` from standard input; prints, for each case, the list of its labelled
digests, or the error that Python raised.
"""

import hashlib
import json
import struct
import sys

import device
import torch
import torch.nn.functional as F
import torch.nn.utils.prune
from torch import nn, optim
from torch.optim import lr_scheduler

STEPS = 5


def digest(value) -> str:
    if value is None:
        return "None"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float)):
        return struct.pack(">d", value).hex()
    if not isinstance(value, torch.Tensor) or nn.parameter.is_lazy(value):
        return str(value)
    data = value.detach().contiguous().reshape(-1).view(torch.uint8).cpu().numpy().tobytes()
    dtype = str(value.dtype).removeprefix("torch.")
    return f"{dtype}{list(value.shape)} {hashlib.sha256(data).hexdigest()}"


def tensors_in(value) -> list:
    """The tensors in nested tuples, lists and dicts, in order."""
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (tuple, list)):
        return [tensor for item in value for tensor in tensors_in(item)]
    return []


def digest_state(label: str, state) -> list:
    trace = []

    def visit(path, value):
        if isinstance(value, dict):
            items = value.items()
        elif isinstance(value, (list, tuple)):
            items = enumerate(value)
        else:
            if value is not None:
                trace.append((path, digest(value)))
            return
        for name, item in items:
            visit(f"{path}.{name}", item)

    visit(label, state)
    return sorted(trace)


def trace_module(module, trained="") -> list:
    return [
        *((f"{trained}parameter {name}", digest(p)) for name, p in module.named_parameters()),
        *((f"{trained}buffer {name}", digest(b)) for name, b in module.named_buffers()),
    ]


def outputs(label: str, value) -> list:
    return [(f"{label} {i}", digest(tensor)) for i, tensor in enumerate(tensors_in(value))]


def trace_layer(case: dict, seed: int) -> list:
    torch.manual_seed(seed)
    module = eval(case["python"])
    trace = [("structure", str(module)), *trace_module(module)]
    inputs = eval(case["inputs"])
    keywords = eval(case.get("keywords") or "{}")
    leaves = [
        tensor.requires_grad_()
        for i, argument in enumerate(inputs)
        if i not in case.get("frozen", [])
        for tensor in tensors_in(argument)
        if tensor.is_floating_point()
    ]
    parameters = list(module.parameters())
    optimizer = optim.SGD(parameters, lr=0.01) if parameters else None
    weights = []
    for step in range(STEPS):
        module.zero_grad()
        result = module(*inputs, **keywords)
        learnt = [t for t in tensors_in(result) if t.requires_grad and t.is_floating_point()]
        if step == 0:
            trace += outputs("output", result)
            weights = [torch.randn_like(output) for output in learnt]
        losses = [(output * weight).sum() for output, weight in zip(learnt, weights)]
        if losses:
            total = losses[0]
            for loss in losses[1:]:
                total = total + loss
            total.backward()
        if step == 0:
            trace += [(f"gradient of input {i}", digest(leaf.grad)) for i, leaf in enumerate(leaves)]
            trace += [(f"gradient of {name}", digest(p.grad)) for name, p in module.named_parameters()]
        if optimizer:
            optimizer.step()
    trace += trace_module(module, "trained ")
    module.eval()
    with torch.no_grad():
        trace += outputs("eval output", module(*inputs, **keywords))
    trace.append(("random numbers", digest(torch.get_rng_state())))
    return trace


def small_model(seed: int):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3))
    x, y = torch.randn(8, 6), torch.randn(8, 3)
    return model, lambda: (model(x) - y).pow(2).mean()


def trace_optimizer(case: dict, seed: int) -> list:
    model, loss = small_model(seed)
    optimizer = eval(case["python"], {**globals(), "params": list(model.parameters()), "model": model})
    trace = []

    def closure():
        optimizer.zero_grad()
        value = loss()
        value.backward()
        return value

    for step in range(STEPS):
        trace.append((f"loss {step}", digest(optimizer.step(closure))))
        trace += trace_module(model, f"step {step} ")
        trace += digest_state(f"step {step} state", optimizer.state_dict()["state"])
    return trace


def trace_scheduler(case: dict, seed: int) -> list:
    model, loss = small_model(seed)
    optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    scheduler = eval(case["python"], {**globals(), "optimizer": optimizer})
    trace = []
    for step in range(20):
        optimizer.zero_grad()
        loss().backward()
        optimizer.step()
        if case.get("metric"):
            scheduler.step(1 + ((step * 7) % 5) / 10)
        else:
            scheduler.step()
        group = optimizer.param_groups[0]
        trace += [(f"lr {step}", digest(group["lr"])), (f"momentum {step}", digest(group["momentum"]))]
    return trace + trace_module(model, "trained ")


KINDS = {"optimizer": trace_optimizer, "scheduler": trace_scheduler}


def run(case: dict, seed: int) -> dict:
    try:
        return {"trace": KINDS.get(case["kind"], trace_layer)(case, seed)}
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main():
    job = json.load(sys.stdin)
    torch.set_num_threads(1)
    if name := job.get("device"):
        device.use(name)
        torch.set_default_device(name)
    print(json.dumps([run(case, job["seed"]) for case in job["cases"]]))


main()
