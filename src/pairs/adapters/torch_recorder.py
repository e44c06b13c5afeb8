"""Sees every layer and every function that a PyTorch program calls, and changes what a call does."""

import inspect

import torch
from protocol import blaming, blocked, blocking, calling_place, mask
from torch import nn
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

import torch_emulation as emulation

CONTAINERS = {
    "Sequential", "ModuleList", "ModuleDict", "Transformer", "TransformerEncoder", "TransformerDecoder",
    "TransformerEncoderLayer", "TransformerDecoderLayer",
}
SILENT = {
    "__get__", "__set__", "size", "dim", "numel", "item", "detach", "contiguous", "is_floating_point", "to",
    "requires_grad_", "__bool__", "__len__", "stride", "is_contiguous", "clone", "float", "double", "type",
    "backward", "is_complex", "get_device", "data_ptr", "cpu", "numpy", "tolist", "__format__", "__repr__", "__iter__",
}
# The arguments of functions that Python can't inspect, beside the tensor itself.
ARGUMENTS = {
    "flatten": ["start_dim", "end_dim"], "mean": ["dim", "keepdim"], "sum": ["dim", "keepdim"],
    "amax": ["dim", "keepdim"], "max": ["dim", "keepdim"], "softmax": ["dim"], "log_softmax": ["dim"],
    "max_pool2d": ["kernel_size", "stride", "padding", "dilation", "ceil_mode"],
    "max_pool1d": ["kernel_size", "stride", "padding", "dilation", "ceil_mode"],
    "avg_pool2d": ["kernel_size", "stride", "padding", "ceil_mode", "count_include_pad", "divisor_override"],
    "avg_pool1d": ["kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"],
    "conv2d": ["weight", "bias", "stride", "padding", "dilation", "groups"],
    "conv1d": ["weight", "bias", "stride", "padding", "dilation", "groups"],
    "conv3d": ["weight", "bias", "stride", "padding", "dilation", "groups"],
    "conv_transpose2d": ["weight", "bias", "stride", "padding", "output_padding", "groups", "dilation"],
    "linear": ["weight", "bias"], "dropout": ["p", "training"],
    "gelu": ["approximate"], "leaky_relu": ["negative_slope"], "elu": ["alpha"], "softplus": ["beta", "threshold"],
    "hardtanh": ["min_val", "max_val"], "transpose": ["dim0", "dim1"], "unsqueeze": ["dim"], "squeeze": ["dim"],
    "view": ["shape"], "reshape": ["shape"], "permute": ["dims"], "cat": ["tensors", "dim"], "concat": ["tensors", "dim"],
    "stack": ["tensors", "dim"], "__getitem__": ["index"], "chunk": ["chunks", "dim"], "select": ["dim", "index"],
    "adaptive_avg_pool2d": ["output_size"], "clamp": ["min", "max"], "pow": ["exponent"],
    "cross_entropy": ["target", "weight", "size_average", "ignore_index", "reduce", "reduction", "label_smoothing"],
}


WHOLE = {"long", "int", "short", "byte", "char"}


def made_whole(name, args, kwargs):
    """Whether a call casts floats to integers."""
    kinds = [a for a in (*args[1:], *(kwargs or {}).values()) if isinstance(a, torch.dtype)]
    whole = name in WHOLE or (name in ("to", "type") and any(not k.is_floating_point and k != torch.bool for k in kinds))
    return whole and isinstance(args[0], torch.Tensor) and args[0].is_floating_point()


ARITHMETIC = {"add", "radd", "iadd", "sub", "rsub", "isub", "mul", "rmul", "imul", "div", "truediv", "rtruediv", "itruediv"}


def leaf(module):
    kind = type(module)
    return kind.__module__.startswith("torch.nn.modules") and kind.__name__ not in CONTAINERS


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for entry in value:
            yield from tensors_in(entry)
    elif isinstance(value, dict):
        yield from tensors_in(list(value.values()))


def doubled(value):
    """What a program made in another precision, in float64."""
    if isinstance(value, torch.Tensor):
        return value.double() if value.is_floating_point() and value.dtype != torch.float64 else value
    if isinstance(value, torch.dtype):
        return torch.float64 if value.is_floating_point else value
    if type(value) in (list, tuple):
        return type(value)(doubled(entry) for entry in value)
    if type(value) is dict:
        return {key: doubled(entry) for key, entry in value.items()}
    return value


def simple(value):
    """An argument or attribute as JSON has it; None for what is no setting."""
    if isinstance(value, torch.Tensor):
        few = value.numel() <= 64 and not value.requires_grad
        return {"tensor": list(value.shape), **({"values": value.detach().cpu().tolist()} if few else {})}
    if isinstance(value, slice):
        return {"slice": [value.start, value.stop, value.step]}
    if value is Ellipsis:
        return "..."
    if isinstance(value, (bool, int, float, str)) or value is None:
        return value
    if isinstance(value, (list, tuple)):
        return [simple(entry) for entry in value]
    return str(value)


def settings(module):
    skipped = {"training", "inplace", "transposed", "output_padding_list"}
    return {
        name: simple(value)
        for name, value in vars(module).items()
        if not name.startswith("_") and name not in skipped and not callable(value)
    }


def bound(function, name, args, kwargs):
    """The arguments of a call by name, tensors as their shapes."""
    names = ARGUMENTS.get(name)
    if names is None:
        try:
            names = list(inspect.signature(function).parameters)[1:]
        except (TypeError, ValueError):
            names = []
    rest = args[1:]
    if name in ("view", "reshape", "permute", "repeat", "expand") and rest and isinstance(rest[0], int):
        rest = (rest,)
    if name in ("cat", "concat", "stack"):
        rest = args
    config = {names[i] if i < len(names) else f"arg{i + 1}": simple(value) for i, value in enumerate(rest)}
    if name not in ("cat", "concat", "stack") and args and not isinstance(args[0], torch.Tensor):
        config["first"] = simple(args[0])
    return {**config, **{key: simple(value) for key, value in kwargs.items()}}


class Recorder(TorchFunctionMode):
    """Counts calls by key, applies patches, and in a recorded run keeps what went in and out."""

    current = None

    def __init__(self, model):
        super().__init__()
        self.model = model
        self.paths = {id(module): path for path, module in model.named_modules(remove_duplicate=True)}
        self.weights = {id(p): name for name, p in model.named_parameters()}
        self.patches, self.masks, self.orders = {}, {}, {}
        # Whether all is computed in float64, what a program casts to float32 too.
        self.double = False
        # What the model is given.
        self.given_ids = set()
        self.inserts = {}
        self.begin()
        self.depth, self.step, self.scope = 0, 0, ""

    @staticmethod
    def listen():
        """Sees the calls of all modules from now on; called once in a process."""
        original = nn.Module.__call__

        def call(module, *args, **kwargs):
            recorder = Recorder.current
            if recorder is None or recorder.depth or not leaf(module):
                return original(module, *args, **kwargs)
            return recorder.visit(module, lambda *a, **k: original(module, *a, **k), args, kwargs)

        nn.Module.__call__ = call

    def begin(self, record=False, keep=None, light=False):
        """`keep` are the outputs that are wanted, all without it; a light run notes nothing else."""
        self.counts, self.nodes, self.outputs, self.makers = {}, [] if record else None, {}, {}
        self.kept, self.keep, self.light = [], None if keep is None else set(keep), light

    def __enter__(self):
        Recorder.current = self
        return super().__enter__()

    def __exit__(self, *error):
        Recorder.current = None
        return super().__exit__(*error)

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        if self.double:
            if name in ("float", "half", "bfloat16"):
                return args[0].double()
            args, kwargs = doubled(args), doubled(kwargs)
        if not self.depth and not self.scope and made_whole(name, args, kwargs):
            return self.visit(None, func, args, kwargs, "whole")
        if self.depth or name in SILENT:
            out = func(*args, **kwargs)
            if not self.depth and self.nodes is not None:
                self.follow(args, out)
            return out
        if name == "fn" or name.startswith("boolean_dispatch"):
            name = next((n for n in ("max_pool2d", "max_pool1d", "max_pool3d", "adaptive_max_pool2d", "adaptive_max_pool1d",
                                     "fractional_max_pool2d") if getattr(F, n, None) is func), name)
        return self.visit(None, func, args, kwargs, name.rstrip("_") if not name.startswith("__") else name)

    def follow(self, args, out):
        """Lets a tensor that is only looked at in another way count as the one that it came from."""
        source = next(tensors_in(args), None)
        if self.light:
            return
        if source is not None and id(source) in self.given_ids:
            self.given_ids.update(id(t) for t in tensors_in(out))
            self.kept.extend(tensors_in(out))
        if source is None or id(source) not in self.makers:
            return
        for tensor in tensors_in(out):
            if id(tensor) not in self.makers:
                self.makers[id(tensor)] = self.makers[id(source)]
                self.kept.append(tensor)

    def visit(self, module, run, args, kwargs, name=None):
        place = calling_place()
        if module is not None:
            name = type(module).__name__
            path = self.scope + (self.paths.get(id(module)) or name)
        else:
            path = f"{self.scope}{name}@{place.rsplit(':', 1)[1] if place else ''}"
        count = self.counts[path] = self.counts.get(path, -1) + 1
        key = f"{path}#{count}"
        self.depth += 1
        try:
            with blaming(place):
                out = self.run(key, name, module, run, args, kwargs)
        finally:
            self.depth -= 1
        made = module is None and not any(True for _ in tensors_in((args, kwargs)))
        if self.nodes is not None and not made and any(True for _ in tensors_in(out)):
            self.note(key, name, module, run, args, kwargs, out, place)
        return out

    def run(self, key, name, module, run, args, kwargs):
        patch = self.patches.get(key, {})
        if patch.get("skip"):
            return self.before(args, patch)[0]
        out = self.changed(key, name, module, run, args, kwargs, patch)
        after = patch.get("after")
        if after is None:
            return out
        if after["fn"] == "dropout":
            return self.dropped(out, after["mask"], after["rate"], tuple(out.shape)) if self.model.training else out
        return emulation.ACTIVATIONS[after["fn"]](out, after)

    def dropped(self, x, key, rate, shape):
        keep = mask(self.masks.get(key, key), self.step, shape, rate)
        if key in self.orders:
            keep = keep[:, self.orders[key]]
        return x * torch.from_numpy(keep).to(x.dtype) / (1 - rate)

    def changed(self, key, name, module, run, args, kwargs, patch):
        if patch.get("pad"):
            args = (F.pad(args[0], patch["pad"], value=patch.get("value", 0.0)), *args[1:])
        args = self.before(args, patch)
        if patch.get("target"):
            args = (args[0], emulation.reshaped(args[1], patch["target"]), *args[2:])
        if patch.get("emulate"):
            return emulation.FORWARD[patch["emulate"]](module, args, {**self.given(patch), **patch.get("params", {})}, self)
        if "blocked" in patch:
            args, kwargs = looking(module, args, kwargs, patch["blocked"])
        if name in ("dropout", "Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "dropout1d", "dropout2d", "dropout3d"):
            return self.dropout(key, name, module, args, {**kwargs, **self.given(patch)})
        if module is None:
            given = self.given(patch)
            if given:
                args, kwargs = rebound(name, run, args, kwargs, given)
            return run(*args, **kwargs)
        old = {attribute: vars(module).get(attribute, Recorder) for attribute in patch.get("args", {})}
        for attribute, value in self.given(patch).items():
            object.__setattr__(module, attribute, tuple(value) if isinstance(value, list) else value)
        try:
            return run(*args, **kwargs)
        finally:
            for attribute, value in old.items():
                # What is no attribute of its own, such as a buffer, is seen again without the one over it.
                if value is Recorder:
                    del vars(module)[attribute]
                else:
                    object.__setattr__(module, attribute, value)

    def before(self, args, patch):
        """The arguments with what a patch does to the first of them."""
        for way in patch.get("input", []):
            x = self.inserted(args[0], way) if "insert" in way else emulation.reshaped(args[0], way)
            args = (x, *args[1:])
        return args

    def inserted(self, x, way):
        """What a layer gives that the model lacks: dense or a convolution, with the activation behind it."""
        kernel, bias = (self.inserts.get(f"{way['insert']}:{role}") for role in ("kernel", "bias"))
        conv = way.get("conv")
        if conv:
            of = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}[x.ndim - 2]
            x = of(F.pad(x, conv["pad"]), kernel, bias, conv["stride"], 0, conv["dilation"], conv["groups"])
        else:
            x = F.linear(x, kernel, bias)
        then = way.get("activation")
        return emulation.ACTIVATIONS[then["fn"]](x, then) if then else x

    def given(self, patch):
        return {k: (self.model.training if v == "$training" else v) for k, v in patch.get("args", {}).items()}

    def dropout(self, key, name, module, args, kwargs):
        """A dropout whose mask both frameworks share."""
        x = args[0]
        if module is not None:
            rate, active = kwargs.get("p", module.p), module.training
        else:
            rest = list(args[1:])
            rate = kwargs.get("p", rest[0] if rest else 0.5)
            active = kwargs.get("training", rest[1] if len(rest) > 1 else True)
        if not active or rate == 0:
            return x
        if rate >= 1:
            return x * 0
        spatial = kwargs.get("spatial", "first" if name[-2:] in ("1d", "2d", "3d") else "no")
        if spatial == "last":
            keep = mask(self.masks.get(key, key), self.step, (x.shape[0], x.shape[-1], *[1] * (x.ndim - 2)), rate)
            return x * torch.from_numpy(keep).movedim(1, -1).to(x.dtype) / (1 - rate)
        shape = (*x.shape[:2], *[1] * (x.ndim - 2)) if spatial == "first" else tuple(x.shape)
        return self.dropped(x, key, rate, shape)

    def note(self, key, name, module, run, args, kwargs, out, place):
        index = len(self.nodes)
        if self.light:
            self.nodes.append(None)
            self.store(index, out)
            return
        inputs = [t for t in tensors_in((args, kwargs)) if id(t) not in self.weights]
        if name.strip("_") in ARITHMETIC and not self.scope:
            # A mean or a deviation that the program holds is a number of the call, not a tensor of the graph.
            inputs = [t for t in inputs if id(t) in self.makers or id(t) in self.given_ids or t.numel() > 64]
        used = [self.weights[id(t)] for t in tensors_in((args, kwargs)) if id(t) in self.weights]
        outs = list(tensors_in(out))
        if module is not None:
            prefix = self.paths.get(id(module), "")
            used = [f"{prefix}.{n}" if prefix else n for n, _ in module.named_parameters(remove_duplicate=False)]
            config = settings(module)
            if name == "MultiheadAttention":
                config["blocked"] = blocked_of(args, kwargs)
        else:
            config = bound(run, name, args, kwargs)
        self.nodes.append({
            "key": key, "type": name, "path": self.paths.get(id(module)) if module is not None else None,
            "module": module is not None, "config": config, "place": place, "weights": used,
            "from": [self.makers.get(id(t), -1) for t in inputs],
            "in": [list(t.shape) for t in inputs], "out": [list(t.shape) for t in outs],
        })
        self.store(index, out)
        for tensor in outs:
            self.makers[id(tensor)] = index
        self.kept.extend(inputs + outs)

    def store(self, index, out):
        for position, tensor in enumerate(tensors_in(out)):
            key = f"{index}.{position}"
            if self.keep is None or key in self.keep:
                self.outputs[key] = tensor.detach().clone()


def blocked_of(args, kwargs):
    """What a call of MultiheadAttention may not look at."""
    given = kwargs.get("attn_mask", args[5] if len(args) > 5 else None)
    if given is None:
        return None
    if given.dtype != torch.bool:
        if (given.isfinite() & (given != 0)).any():
            return "other"
        given = given == -torch.inf
    return blocked(given.detach().cpu().numpy())


def looking(module, args, kwargs, way):
    """The arguments of MultiheadAttention with another mask."""
    names = list(inspect.signature(type(module).forward).parameters)[1:]
    kwargs = {**dict(zip(names[3:], args[3:])), **kwargs}
    axis = 1 if module.batch_first else 0
    query, key = (args[i] if len(args) > i else kwargs[names[i]] for i in (0, 1))
    rows = blocking(way, query.shape[axis], key.shape[axis])
    return args[:3], {**kwargs, "attn_mask": None if rows is None else torch.from_numpy(rows), "is_causal": False}


def rebound(name, function, args, kwargs, given):
    """A call's arguments with some of them replaced by name."""
    names = ARGUMENTS.get(name)
    if names is None:
        names = list(inspect.signature(function).parameters)[1:]
    args, kwargs = list(args), dict(kwargs)
    for key, value in given.items():
        position = names.index(key) + 1 if key in names else None
        if position is not None and position < len(args):
            args[position] = value
        else:
            kwargs[key] = value
    return args, kwargs
