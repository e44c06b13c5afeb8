"""A PyTorch model that a TypeScript program describes: its modules, and the calls that it makes."""

import inspect

import numpy as np
import protocol
import torch
import typescript
from protocol import ProgramError
from torch import nn
from torch.nn import functional as F
from torch_recorder import tensors_in

FUNCTIONS = {"functional": F, "torch": torch, "tensor": torch.Tensor}
LOOSE = {"tuple": tuple, "list": list}


def tensor(array, dtype=None):
    t = torch.from_numpy(np.array(array))
    return t.to(getattr(torch, dtype)) if dtype else t


def made(type_name, config, state):
    """A module of PyTorch with the settings of another."""
    make = getattr(nn, type_name)
    given = typescript.settings(make, config)
    if "bias" in typescript.parameters(make):
        given["bias"] = config["bias"] if isinstance(config.get("bias"), bool) else any(n.endswith("bias") for n in state)
    return make(**given)


class Program(nn.Module):
    """Makes the calls that were recorded of a model in TypeScript, for these shapes and this mode."""

    def __init__(self, description, arrays):
        super().__init__()
        self.graphs = {}
        for entry in description["modules"]:
            self.add(entry)
        shared = {}
        for w in description["weights"]:
            value = tensor(arrays[f"start:{w['name']}"], w["dtype"])
            shared[w["name"]] = nn.Parameter(value, requires_grad=w["trainable"]) if w["parameter"] else value
        for entry in description["modules"]:
            owner = self.get_submodule(entry["path"])
            for name, whole in entry["state"].items():
                own, value = owner, shared[whole]
                *inner, last = name.split(".")
                for part in inner:
                    own = getattr(own, part)
                if isinstance(value, nn.Parameter):
                    own.register_parameter(last, value)
                elif last in own._buffers:
                    own._buffers[last] = value
                else:
                    own.register_buffer(last, value)
        if self.whole:
            for name, _ in list(self.whole.named_parameters()):
                self.whole._parameters[name] = self._parameters[name]
        self.__class__ = type(description["model"], (Program,), {})

    def add(self, entry):
        if not entry["path"]:
            # A layer for a model: its weights are the model's own.
            self.__dict__["whole"] = made(entry["type"], entry["config"], entry["state"]) if entry["type"] else None
            return
        module = made(entry["type"], entry["config"], entry["state"]) if entry["type"] else nn.Module()
        *path, last = entry["path"].split(".")
        self.get_submodule(".".join(path)).add_module(last, module)

    def forward(self, *inputs):
        key = (self.training, tuple(tuple(t.shape) for t in inputs))
        if key not in self.graphs:
            given = {f"inputs.{i}": plain(t) for i, t in enumerate(inputs)}
            self.graphs[key] = typescript.ask("record", given, training=self.training)
        return run(self.graphs[key], inputs, self)


def plain(t):
    t = t.detach()
    return (t.float() if t.dtype == torch.float64 else t).numpy()


class Loss:
    """A program's own function of output and target."""

    def __init__(self, name, model):
        self.__name__, self.model, self.graphs = name, model, {}

    def __call__(self, output, target):
        key = (tuple(output.shape), tuple(target.shape))
        if key not in self.graphs:
            self.graphs[key] = typescript.ask("recordLoss", {"output": plain(output), "target": plain(target)})
        return run(self.graphs[key], (output, target), self.model)


def run(graph, inputs, model):
    """Makes the calls of a graph."""
    recorded, constants = graph
    results = []
    weights = {**dict(model.named_parameters(remove_duplicate=False)), **dict(model.named_buffers(remove_duplicate=False))}

    def value(given):
        if not isinstance(given, dict):
            return given
        [(kind, content), *_] = given.items()
        match kind:
            case "input":
                return inputs[content]
            case "weight":
                return weights[content]
            case "call":
                return results[content][given["output"]]
            case "constant":
                t = tensor(constants[content], given["dtype"])
                return t.to(torch.get_default_dtype()) if t.is_floating_point() else t
            case "list" | "tuple":
                return LOOSE[kind](value(entry) for entry in content)
            case "dict":
                return {name: value(entry) for name, entry in content.items()}
            case "slice":
                return slice(*content)
            case "ellipsis":
                return ...
            case "number":
                return float(content.replace("Infinity", "inf"))
            case "dtype":
                return getattr(torch, content)
        raise ValueError(given)

    try:
        for call in recorded["calls"]:
            protocol.place = call.get("place")
            with protocol.blaming(protocol.place):
                made_by = callee(call, model)
                args = [value(entry) for entry in call["args"]]
                args = [tuple(a) if isinstance(a, list) and call["of"] == "module" and a and isinstance(a[0], torch.Tensor) else a for a in args]
                out = made_by(*args, **{name: value(entry) for name, entry in call["kwargs"].items()})
            results.append(list(tensors_in(out)))
        return value(recorded["output"])
    finally:
        protocol.place = None


def callee(call, model):
    if call["of"] == "module":
        if "path" in call:
            return model.get_submodule(call["path"]) if call["path"] else model.whole
        raise ProgramError(f"it makes a {call['name']} in its forward pass: make it once, in the constructor", call.get("place"))
    name = call["name"]
    found = getattr(FUNCTIONS[call["of"]], name, None)
    if found is None:
        raise ProgramError(f"PyTorch has no {name} to compare it with", call.get("place"))
    return found


def loss_of(described, arrays, model):
    if described is None:
        return None
    if described["function"]:
        return Loss(described["type"], model)
    make = getattr(nn, described["type"])
    weights = {name.removeprefix("loss:"): tensor(array) for name, array in arrays.items() if name.startswith("loss:")}
    return make(**{**typescript.settings(make, described["config"]), **weights})


def optimizer_of(described, model):
    if described is None:
        return None
    make = getattr(torch.optim, described["type"])
    known = set(inspect.signature(make.__init__).parameters)
    weights = dict(model.named_parameters())
    return make([
        {"params": [weights[name] for name in group["weights"]],
         **{k: tuple(v) if isinstance(v, list) else v for k, v in group.items() if k in known and k != "params"}}
        for group in described["groups"]
    ], **({"lr": described["groups"][0]["lr"]} if "lr" in described["groups"][0] else {}))
