"""Loads a PyTorch program and answers Tandem's questions about it."""

import copy
import inspect
import os
import warnings

import numpy as np
import replay
import torch
import typescript
from protocol import (
    EPOCHS, STEPS, ProgramError, batch_of, binding, blaming, by_epoch, distance, epoch_steps, given, load_data, load_program,
    refuse_training, serve, training_of,
)
from torch import nn
from torch_emulation import Optimizer, reshaped
from torch_recorder import Recorder, settings, simple

p = None  # the program that is loaded


class Program:
    def __init__(self, path, state):
        torch.manual_seed(0)
        torch.set_default_dtype(torch.float32)
        torch.backends.mha.set_fastpath_enabled(False)
        self.module = self.scheduler = None
        self.written = typescript.written(path)
        if self.written:
            self.from_typescript(path)
        else:
            self.from_python(path)
        if state:
            self.load_state(state)
        self.recorder = Recorder(self.model)
        self.inputs, self.exact, self.targets = None, None, None
        self.path = os.path.abspath(path)
        self.overrides, self.frozen = {}, set()
        self.start = {name: t.detach().clone() for name, t in self.tensors()}
        self.trainable = {name: q.requires_grad for name, q in self.model.named_parameters()}
        self.dtypes = {name: t.dtype for name, t in self.tensors()}
        self.optimizer_state = copy.deepcopy(self.optimizer.state_dict()) if self.optimizer else None
        self.dtype = None
        # What the program's own weights are in.
        self.own = next((t.dtype for t in self.model.parameters() if t.is_floating_point()), torch.float32)
        self.default = torch.get_default_dtype()
        self.target = None
        self.picks, self.inserts, self.batches, self.whole = [], {}, None, None

    def from_python(self, path):
        kinds = [k for k in vars(torch.optim).values() if inspect.isclass(k) and issubclass(k, torch.optim.Optimizer)]
        steps = {kind: kind.__dict__["step"] for kind in kinds if "step" in kind.__dict__}
        for kind in steps:
            kind.step = refuse_training("optimizer.step()")
        try:
            module, data = load_program(path)
        finally:
            for kind, own in steps.items():
                kind.step = own
            # An optimizer that is made wraps its class's step, an inherited one too.
            for kind in kinds:
                if kind not in steps and "step" in vars(kind):
                    del kind.step
        self.module = module
        self.model = getattr(module, "model", None)
        if not isinstance(self.model, nn.Module):
            raise ProgramError(
                "it defines no `model`: bind the nn.Module to that name" if self.model is None
                else f"`model` must be an nn.Module, it is a {type(self.model).__name__}", path)
        self.loss = getattr(module, "loss", None) or getattr(module, "criterion", None)
        self.optimizer = getattr(module, "optimizer", None)
        # A scheduler has wrapped the step that refuses.
        getattr(self.optimizer, "__dict__", {}).pop("step", None)
        self.scheduler = getattr(module, "scheduler", None)
        self.given = given(data, module)

    def from_typescript(self, path):
        """The same modules and, from the first batch on, the same calls in Python."""
        description, arrays = typescript.load(path, "torch")
        self.model = replay.Program(description, arrays)
        self.loss = replay.loss_of(description["loss"], arrays, self.model)
        self.optimizer = replay.optimizer_of(description["optimizer"], self.model)
        self.given = {**given(load_data(path)), **{n.removeprefix("given:"): a for n, a in arrays.items() if n.startswith("given:")}}

    def load_state(self, state):
        if state.endswith(".safetensors"):
            from safetensors.torch import load_file

            weights = load_file(state)
        else:
            try:
                weights = torch.load(state, map_location="cpu", weights_only=True)
            except Exception as error:  # noqa: BLE001 - of many kinds, each about one bad file
                raise ProgramError(f"it can't be read as a state dict: {str(error).splitlines()[0]}", state) from None
            for key in ("state_dict", "model_state_dict", "model"):
                if isinstance(weights, dict) and isinstance(weights.get(key), dict):
                    weights = weights[key]
        # As DataParallel and torch.compile name them.
        for prefix in ("module.", "_orig_mod."):
            if all(name.startswith(prefix) for name in weights):
                weights = {name.removeprefix(prefix): t for name, t in weights.items()}
        try:
            self.model.load_state_dict(weights)
        except RuntimeError as error:
            lines = [line.strip() for line in str(error).splitlines()]
            raise ProgramError(f"it doesn't fit the model: {' '.join(lines[1:2])}", state) from None

    def tensors(self):
        yield from self.model.named_parameters()
        yield from self.model.named_buffers()


def load(request, _):
    global p
    p = Program(request["path"], request.get("state"))
    p.clip, p.rates = None, None
    groups = []
    if isinstance(p.optimizer, torch.optim.Optimizer):
        names = {id(q): name for name, q in p.model.named_parameters()}
        groups = [
            {"weights": [names.get(id(q)) for q in group["params"]],
             **{key: simple(value) for key, value in group.items() if key != "params"}}
            for group in p.optimizer.param_groups
        ]
    data = p.given
    return {
        "framework": "torch", "version": torch.__version__, "model": type(p.model).__name__,
        "weights": [
            {"name": n, "shape": list(t.shape), "trainable": p.trainable.get(n, False), "buffer": n not in p.trainable}
            for n, t in p.tensors()
        ],
        "modules": [
            {"path": path, "type": type(m).__name__, "config": settings(m)} for path, m in p.model.named_modules() if path
        ],
        "optimizer": {
            "type": type(p.optimizer).__name__, "groups": groups, "clip": clipping(), **rates_of(p.scheduler),
        } if p.optimizer is not None else None,
        "loss": loss_of(p.loss),
        "precision": precision(),
        "training": training_of(p.module),
        "scheduler": scheduler_of(p.scheduler),
        "given": [k for k in data],
        "places": {name: binding(p.path, name) for name in ("inputs", "targets", "scheduler", "optimizer", "model")},
    }, {**{f"given:{k}": numpy(v) for k, v in data.items()}, **{f"start:{n}": numpy(t) for n, t in p.tensors()}}


def precision():
    """The fewest bits that the model's numbers have."""
    kinds = {t.dtype for _, t in p.tensors() if t.is_floating_point()}
    return str(min(kinds, key=lambda kind: (kind.itemsize, str(kind)), default=p.own)).removeprefix("torch.")


def clipping():
    """What the program's `clip` does to gradients, read from its calls of nn.utils."""
    p.clip = getattr(p.module, "clip", None)
    found = {}
    if not callable(p.clip):
        return found

    def norm(parameters, max_norm, *_, **__):
        one = isinstance(parameters, torch.Tensor) or len(list(parameters)) == 1 < len(list(p.model.parameters()))
        found["clipnorm" if one else "globalClipnorm"] = float(max_norm)
        return torch.tensor(0.0)

    def value(parameters, clip_value, *_, **__):
        found["clipvalue"] = float(clip_value)

    own = {"clip_grad_norm_": norm, "clip_grad_value_": value}
    places = [torch.nn.utils, p.module]
    before = [(place, name, getattr(place, name)) for place in places for name in own if hasattr(place, name)]
    try:
        for place, name, _ in before:
            setattr(place, name, own[name])
        p.clip(p.model)
    finally:
        for place, name, function in before:
            setattr(place, name, function)
    return found


def rates_of(scheduler):
    """The learning rates that a scheduler gives, one step after another; it and the optimizer stay as they are."""
    if scheduler is None or isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau):
        return {}
    state, before = copy.deepcopy(p.optimizer.state_dict()), copy.deepcopy(scheduler.state_dict())
    p.rates, p.by_epoch = [], by_epoch(p.module)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(EPOCHS if p.by_epoch else STEPS):
            p.rates.append(float(p.optimizer.param_groups[0]["lr"]))
            try:
                scheduler.step()
            except ValueError:  # OneCycleLR ends
                break
    scheduler.load_state_dict(before)
    p.optimizer.load_state_dict(state)
    return {"learningRates": p.rates, "byEpoch": p.by_epoch, "schedule": type(scheduler).__name__}


def scheduler_of(scheduler):
    if scheduler is None:
        return None
    return {"type": type(scheduler).__name__}


def loss_of(loss):
    if loss is None:
        return None
    if isinstance(loss, nn.Module):
        weights = {name: simple(getattr(loss, name, None)) for name in ("weight", "pos_weight")}
        return {"type": type(loss).__name__, "config": {**settings(loss), **weights}, "function": False}
    return {"type": getattr(loss, "__name__", type(loss).__name__), "config": {}, "function": True}


def numpy(value):
    if isinstance(value, torch.Tensor):
        value = value.detach().cpu()
        return value.float().numpy() if value.dtype == torch.bfloat16 else value.numpy()
    return np.asarray(value)


def prepare(request, _):
    """Sets precision, patches, masks and optimizer, and puts everything back to the start."""
    p.dtype = torch.float64 if request.get("precision") == "float64" else None
    torch.set_default_dtype(p.dtype or p.default)
    with torch.no_grad():
        for name, t in p.tensors():
            value = p.start[name]
            if value.is_floating_point():
                value = value.to(p.dtype or p.dtypes[name])
            t.data = value.clone()
        if isinstance(p.loss, nn.Module):
            p.loss.to(p.dtype or torch.promote_types(p.own, torch.float32))
    p.recorder.patches = request.get("patches", {})
    p.recorder.masks = request.get("masks", {})
    p.recorder.orders = request.get("orders", {})
    p.recorder.step = 0
    p.recorder.double = p.dtype is not None
    torch.manual_seed(0)
    p.target = request.get("target")
    p.batches, p.whole = request.get("batches"), request.get("whole")
    p.recorder.inserts = {
        name: nn.Parameter(t.to(p.dtype or p.own).clone()) for name, t in p.inserts.items()
        if name.split(":")[0] in request.get("inserted", [])
    }
    frozen = set(request.get("frozen", []))
    thawed = set(request.get("thawed", []))
    for name, q in p.model.named_parameters():
        q.requires_grad_((p.trainable[name] or name in thawed) and name not in frozen)
        q.grad = None
    p.overrides = request.get("optimizer") or {}
    if p.optimizer is not None:
        p.optimizer.load_state_dict(copy.deepcopy(p.optimizer_state))
    p.emulated = emulated(p.overrides) if p.overrides else None
    return {}, {}


def emulated(overrides):
    """One optimizer of our own with the settings that the request gives, for all weights or for each."""
    all_of = overrides["settings"]
    each = overrides.get("weights", {})
    return Optimizer({
        name: (q, {**all_of, **each.get(name, {})})
        for name, q in [*p.model.named_parameters(), *p.recorder.inserts.items()] if q.requires_grad
    })


def set_weights(_, arrays):
    with torch.no_grad():
        for name, t in p.tensors():
            if name in arrays:
                # What is kept in fewer bits is rounded when it is used: the proofs start from the number itself.
                value = torch.from_numpy(arrays[name].copy()).reshape(t.shape)
                p.start[name] = value if t.is_floating_point() else value.to(p.dtypes[name])
    return prepare({}, {})


def held(request, _):
    """Some of the outputs that a forward pass left here; with none asked for, they are let go."""
    found = {f"node:{k}": numpy(p.held[k]) for k in request["keys"] if k in p.held}
    if not request["keys"]:
        p.held = {}
        p.recorder.begin()
    return {}, found


def give_starts(request, _):
    return {}, {name: numpy(p.start[name]) for name in request["names"]}


def pick(request, arrays):
    """Which elements of which weights are given after a step, in the order that both sides share."""
    p.picks = [(key, name, arrays[key]) for key, name in request["picks"]]
    return {}, {}


def set_data(request, arrays):
    """The batch, kept as it is given; whole numbers are int64, since PyTorch indexes with nothing else."""
    def tensor(a):
        t = torch.from_numpy(a.copy())
        return t.long() if t.dtype in (torch.int32,) else t

    inputs = [tensor(a) for name, a in arrays.items() if name.startswith("inputs")]
    if inputs:
        p.exact = inputs
        p.inputs = [t.to(p.own) if t.is_floating_point() else t for t in inputs]
    if "targets" in arrays:
        p.targets = tensor(arrays["targets"])
    return {}, {}


def typed(t):
    return t.to(p.dtype or p.own) if t.is_floating_point() else t


def inputs():
    given = [typed(t) for t in (p.exact if p.dtype else p.inputs)]
    if p.whole:
        given[0] = getattr(torch, p.whole)(given[0])
    return given


def targets():
    t = typed(p.targets)
    return reshaped(t, p.target) if p.target else t


def computed(given):
    """What the model gives, its program's `transform` before it."""
    p.recorder.given_ids = {id(t) for t in given}
    transform = getattr(p.module, "transform", None)
    return p.model(*([transform(given[0]), *given[1:]] if callable(transform) else given))


def set_inserts(_, arrays):
    """Weights of layers that the model lacks, for patches that insert them."""
    p.inserts = {name: torch.from_numpy(a.copy()) for name, a in arrays.items()}
    return {}, {}


def forward(request, _):
    p.model.train(request.get("training", False))
    recorder, record = p.recorder, request.get("record", False)
    light = request.get("light", False)
    recorder.begin(record, request.get("keep"), light)
    with torch.no_grad(), recorder:
        out = computed(inputs())
        outputs = out if isinstance(out, (tuple, list)) else [out]
        result = {"outputs": [list(t.shape) for t in outputs if isinstance(t, torch.Tensor)]}
        if record and not light:
            result["nodes"] = recorder.nodes
            result["final"] = [recorder.makers.get(id(t), -1) for t in outputs]
        arrays = dict(recorder.outputs) if record else {}
        if request.get("hold"):
            p.held, arrays, outputs = arrays, {}, []
        if p.loss is not None and request.get("loss"):
            recorder.begin(record and not light, keep=[])
            recorder.scope = "loss:"
            try:
                value = p.loss(out, targets())
                result["loss"] = float(value.mean() if isinstance(value, torch.Tensor) and value.ndim else value)
                result["lossShape"] = list(value.shape)
                result["lossNodes"] = recorder.nodes
            except Exception as error:  # noqa: BLE001
                if not request.get("lossMayFail"):
                    raise
                result["lossError"] = f"{type(error).__name__}: {error}".splitlines()[0]
            finally:
                recorder.scope = ""
    arrays = {f"node:{k}": numpy(v) for k, v in arrays.items()}
    for i, t in enumerate(t for t in outputs if isinstance(t, torch.Tensor)):
        arrays[f"output:{i}"] = numpy(t)
    return result, arrays


def train(request, _):
    """Steps from where the model stands; gives each step's loss, and weights and gradients as asked."""
    losses, arrays = [], {}
    wanted = request.get("look", [])
    for step in range(1, request["steps"] + 1):
        losses.append(one_step())
        if step in wanted:
            tensors = dict(p.tensors())
            for key, name, places in p.picks:
                t = tensors[name]
                arrays[f"weight:{step}:{key}"] = numpy(t).reshape(-1)[places]
                if t.grad is not None and request.get("gradients"):
                    arrays[f"gradient:{step}:{key}"] = numpy(t.grad).reshape(-1)[places]
                    for role, kept in remembered(t).items():
                        arrays[f"state.{role}:{step}:{key}"] = numpy(kept).reshape(-1)[places]
    p.model.zero_grad()
    return {"losses": losses}, arrays


# What the optimizers call the running mean of gradients, and of their squares.
REMEMBERED = {"momentum": ("exp_avg", "momentum_buffer"), "velocity": ("exp_avg_sq", "square_avg", "sum")}


def remembered(q):
    """What the optimizer keeps of a parameter."""
    state = p.optimizer.state.get(q, {}) if isinstance(p.optimizer, torch.optim.Optimizer) and not p.emulated else {}
    found = {role: state[name] for role, names in REMEMBERED.items() for name in names if torch.is_tensor(state.get(name))}
    return {role: t for role, t in found.items() if t.shape == q.shape}


def check(_, __):
    """How far what a TypeScript program computes is from what was made of it here; nothing for Python."""
    if not p.written:
        return {}, {}
    drops = any("ropout" in call["name"] for graph, _ in p.model.graphs.values() for call in graph["calls"])
    drops = drops or any(getattr(module, "dropout", 0) for module in p.model.modules())
    stepped = p.targets is not None and p.loss is not None and not drops
    batch = {f"inputs.{i}": numpy(t) for i, t in enumerate(p.inputs)} | ({"target": numpy(p.targets)} if stepped else {})
    batch |= {f"start:{n}": numpy(t) for n, t in p.start.items()}
    own, arrays = typescript.ask("run", batch)
    prepare({}, {})
    forwarded = forward({}, {})[1]
    p.recorder.step = 1
    again = forward({}, {})[1]
    if any(distance(a, again[n]) > 0 for n, a in forwarded.items()):
        prepare({}, {})
        return {"apart": {}, "stepped": False}, {}
    prepare({}, {})
    apart = {"outputs": max((distance(a, arrays[n]) for n, a in forwarded.items()), default=0.0)}
    if stepped:
        apart["loss"] = abs(one_step() - own["loss"])
        apart["weights"] = max((distance(numpy(t), arrays[f"weight:{n}"]) for n, t in p.tensors()), default=0.0)
    prepare({}, {})
    return {"apart": apart, "stepped": stepped}, {}


def one_step():
    p.model.train(True)
    recorder = p.recorder
    recorder.step += 1
    recorder.begin()
    for q in [*p.model.parameters(), *recorder.inserts.values()]:
        q.grad = None

    batch = batch_of(p.batches, len(p.inputs[0]), recorder.step)
    batch = batch if batch is None else torch.from_numpy(batch)

    def objective():
        recorder.begin()
        with recorder:
            out = computed([t if batch is None else t[batch] for t in inputs()])
            recorder.scope = "loss:"
            try:
                with blaming(binding(p.path, "loss", "criterion")):
                    value = p.loss(out, targets() if batch is None else targets()[batch])
            finally:
                recorder.scope = ""
            value = value.mean() if value.ndim else value
            penalty = sum(
                s["l1"] * q.abs().sum() + s["l2"] * q.square().sum()
                for name, s in p.overrides.get("penalties", {}).items()
                for q in [dict(p.model.named_parameters())[name]]
            )
        return value, value + penalty

    value, whole = objective()
    whole.backward()
    every = epoch_steps(p.module, p.batches, len(p.inputs[0])) if p.scheduler else 1
    if p.emulated:
        p.emulated.step(every)
    elif p.optimizer is not None:
        if callable(p.clip):
            p.clip(p.model)
        if p.rates:
            first, now = p.rates[0], p.rates[min((recorder.step - 1) // (every if p.by_epoch else 1), len(p.rates) - 1)]
            for group, own in zip(p.optimizer.param_groups, p.optimizer_state["param_groups"]):
                group["lr"] = own["lr"] * now / first if first else now
        if type(p.optimizer).__name__ == "LBFGS":
            raise ProgramError("LBFGS takes a closure, which Tandem can't give it; compare without an optimizer")
        with blaming(binding(p.path, "optimizer")):
            p.optimizer.step()
    return float(value)


HANDLERS = {
    "load": load, "prepare": prepare, "inserts": set_inserts, "weights": set_weights, "pick": pick, "data": set_data, "forward": forward, "train": train,
    "check": check, "starts": give_starts, "held": held,
}

if __name__ == "__main__":
    Recorder.listen()
    serve(HANDLERS)
