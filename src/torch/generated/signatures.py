"""The signatures of what PyTorch writes in Python, as `inspect.signature` gives them.

A constructor stands under the name of the class whose `__init__` it is, as in Python's own errors: that of
`nn.Dropout2d` is `_DropoutNd`.
"""

from __future__ import annotations

import ast
import inspect
import json
import math
import re
import textwrap
import types
from collections.abc import Callable

import torch
import torch.autograd.functional
import torch.distributed
import torch.distributions
import torch.nn.functional
import torch.nn.utils.prune
import torch.nn.utils.rnn
import torch.optim.lr_scheduler
import torch.optim.swa_utils
import torch.signal.windows
import torch.utils.data
import torch.utils.data.distributed

MODULES = [
    torch.nn, torch.nn.functional, torch.nn.init, torch.nn.utils, torch.nn.utils.rnn, torch.nn.utils.parametrize,
    torch.nn.utils.parametrizations, torch.optim, torch.optim.lr_scheduler, torch.utils.data, torch.distributions,
    torch.signal.windows, torch.autograd, torch.autograd.functional, torch.optim.swa_utils, torch.nn.utils.prune,
    torch.testing,
]
# Tools of PyTorch's own Python code.
NOT_FOR_USERS = re.compile(
    r".*datapipe|.*validation|assert_int|boolean_dispatch|factory_kwargs|convert_conv|swap_in|enforce_grad"
    r"|non_deterministic|DataChunk|RNNBase|RNNCellBase|cached|invert_permutation|get_worker|type_before|transfer_param"
    r"|clip_grad_norm$|variable|_clip|_get|Container$|NLLLoss2d|handle_torch"
)
# No part of `tandem/torch`.
LEFT_OUT = re.compile(r"scaled_|DataParallel|CrossMapLRN2d")
FUNCTIONS = [
    torch.norm, torch.lu, torch.svd_lowrank, torch.pca_lowrank, torch.tensordot, torch.cdist,
    torch.nn.Embedding.from_pretrained, torch.nn.EmbeddingBag.from_pretrained, torch.unravel_index,
    torch.random.fork_rng, torch.func.vmap, torch.func.jacrev, torch.func.jacfwd, torch.nn.utils.skip_init,
    torch.nn.parallel.DistributedDataParallel, torch.nn.SyncBatchNorm.convert_sync_batchnorm, torch.profiler.schedule,
    torch.utils.data.distributed.DistributedSampler,
    *(getattr(torch.distributed, name) for name in [
        "init_process_group", "new_group", "all_reduce", "broadcast", "reduce", "all_gather", "all_gather_into_tensor", "gather",
        "scatter", "reduce_scatter", "reduce_scatter_tensor", "all_to_all", "all_to_all_single", "barrier", "monitored_barrier",
        "send", "recv", "isend", "irecv", "broadcast_object_list", "all_gather_object", "gather_object", "scatter_object_list",
    ]),
]
METHODS = [
    torch.nn.Module.register_buffer, torch.nn.Module.parameters, torch.nn.Module.named_parameters,
    torch.nn.Module.buffers, torch.nn.Module.named_buffers, torch.nn.Module.load_state_dict,
    torch.nn.Module.register_forward_pre_hook, torch.nn.Module.register_forward_hook,
    torch.nn.Module.register_full_backward_hook, torch.nn.Module.register_full_backward_pre_hook,
    torch.nn.Module.zero_grad, torch.nn.Module.set_submodule, torch.nn.Module.to_empty, torch.optim.Optimizer.zero_grad,
]
# By the names under which they are public; the first is parsed in C.
RENAMED = {
    "nonzero": lambda input, *, out=None, as_tuple=False: None, "unique": torch.functional._unique_impl,
    "unique_consecutive": torch.functional._unique_consecutive_impl,
    # Under the names of their modules, where others have the same.
    "func.grad": torch.func.grad, "func.grad_and_value": torch.func.grad_and_value, "func.hessian": torch.func.hessian,
    # torch.utils.tensorboard's, which needs a package that is not in the wheel.
    "SummaryWriter": lambda log_dir=None, comment="", purge_step=None, max_queue=10, flush_secs=120, filename_suffix="": None,
    **{f"SummaryWriter.add_{name}": function for name, function in {
        "scalar": lambda tag, scalar_value, global_step=None, walltime=None, new_style=False, double_precision=False: None,
        "scalars": lambda main_tag, tag_scalar_dict, global_step=None, walltime=None: None,
        "tensor": lambda tag, tensor, global_step=None, walltime=None: None,
        "histogram": lambda tag, values, global_step=None, bins="tensorflow", walltime=None, max_bins=None: None,
        "histogram_raw": lambda tag, min, max, num, sum, sum_squares, bucket_limits, bucket_counts, global_step=None,
        walltime=None: None,
        "image": lambda tag, img_tensor, global_step=None, walltime=None, dataformats="CHW": None,
        "images": lambda tag, img_tensor, global_step=None, walltime=None, dataformats="NCHW": None,
        "audio": lambda tag, snd_tensor, global_step=None, sample_rate=44100, walltime=None: None,
        "text": lambda tag, text_string, global_step=None, walltime=None: None,
        "hparams": lambda hparam_dict, metric_dict, hparam_domain_discrete=None, run_name=None, global_step=None: None,
        "embedding": lambda mat, metadata=None, label_img=None, global_step=None, tag="default", metadata_header=None: None,
        "pr_curve": lambda tag, labels, predictions, global_step=None, num_thresholds=127, weights=None, walltime=None: None,
        "pr_curve_raw": lambda tag, true_positive_counts, false_positive_counts, true_negative_counts, false_negative_counts,
        precision, recall, global_step=None, num_thresholds=127, weights=None, walltime=None: None,
    }.items()},
    "make_tensor": lambda *, dtype, device, low=None, high=None, requires_grad=False, noncontiguous=False, exclude_zero=False,
    memory_format=None: None,
    # torchvision's, which is not in the wheel.
    "Compose": lambda transforms: None, "Lambda": lambda lambd: None,
    "Normalize": lambda mean, std, inplace=False: None,
    "Pad": lambda padding, fill=0, padding_mode="constant": None, "CenterCrop": lambda size: None,
    "RandomCrop": lambda size, padding=None, pad_if_needed=False, fill=0, padding_mode="constant": None,
    "RandomHorizontalFlip": lambda p=0.5: None, "RandomVerticalFlip": lambda p=0.5: None,
    "Resize": lambda size, interpolation="bilinear", max_size=None, antialias=True: None,
}
# Written for the TorchScript compiler; Python itself takes more.
WIDER = {
    ("interpolate", "size"): "int | list | None", ("interpolate", "scale_factor"): "float | list | None",
    ("normalize", "dim"): "int | list", ("weight_norm", "dim"): "int | None", ("ctc_loss", "input_lengths"): "Tensor | list",
    ("ctc_loss", "target_lengths"): "Tensor | list", ("unpad_sequence", "lengths"): "Tensor | list",
    ("PowerTransform", "exponent"): "Tensor | float",
}
KINDS = [
    ("function", r"Callable"), ("Tensor", r"Tensor"), ("int", r"int"), ("float", r"float"), ("bool", r"bool"),
    ("str", r"str|Literal"), ("list", r"list|tuple|Sequence|Iterable|Size"), ("None", r"None|NoneType|Optional"),
]
UNTYPED = {"dtype", "device", "out_dtype", "_stacklevel", "generator", "output_dtype"}


def members(module: types.ModuleType) -> list[tuple[str, Callable]]:
    """The public classes and functions of a module."""
    names = getattr(module, "__all__", None) or [n for n in dir(module) if not n.startswith("_")]
    found = []
    for name in names:
        value = getattr(module, name, None)
        ours = getattr(value, "__module__", None) or ""
        if isinstance(value, type | types.FunctionType) and ours.startswith("torch.") and not ours.startswith(("torch._C", "torch.overrides")):
            found.append((name, value))
    return found


def overloaded(function: Callable) -> inspect.Signature | None:
    """The signature that a function with nothing but `*args, **kwargs` declares by its overloads: the first."""
    owner = inspect.getmodule(function)
    name, method = function.__qualname__.split(".")[-2:]
    for node in ast.walk(ast.parse(inspect.getsource(owner))):
        if isinstance(node, ast.ClassDef) and node.name == name:
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and item.name == method and item.decorator_list:
                    scope: dict = {}
                    text = f"def f({ast.unparse(item.args)}): ..."
                    exec(compile(text, "overload", "exec"), vars(owner), scope)  # noqa: S102
                    return inspect.signature(scope["f"])
    return None


def described(value: Callable) -> tuple[str, inspect.Signature] | None:
    """The key and the signature, without `self`; None for what takes anything or is written in C."""
    if inspect.isclass(value):
        function = value.__init__
        key = function.__qualname__.removesuffix(".__init__")
        if key in ("object", "Module", "Protocol") or issubclass(value, tuple):
            return None
    else:
        function = value
        key = value.__qualname__ if inspect.ismethod(value) or value in METHODS else value.__name__
        cells = dict(zip(getattr(getattr(value, "__code__", None), "co_freevars", ()), value.__closure__ or ()))
        if "if_true" in cells:
            function = cells["if_true"].cell_contents
    try:
        signature = inspect.signature(function)
    except ValueError:
        return None
    parameters = list(signature.parameters.values())
    if inspect.isclass(value):
        if all(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters[1:]):
            signature = key in ("RNN", "LSTM", "GRU") and overloaded(function)
            if not signature:
                return None
            parameters = list(signature.parameters.values())
        parameters = parameters[1:]
    elif value in METHODS:
        parameters = parameters[1:]
    if any(p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
        return None
    return key, signature.replace(parameters=parameters, return_annotation=inspect.Signature.empty)


def kind(key: str, p: inspect.Parameter) -> str:
    """What an annotation allows, in Python's words; empty where it does not matter."""
    if (key, p.name) in WIDER:
        return WIDER[key, p.name]
    if p.annotation is p.empty or p.annotation is None or p.name in UNTYPED:
        return ""
    text = p.annotation if isinstance(p.annotation, str) else inspect.formatannotation(p.annotation)
    outer = re.sub(r"'[^']*'", "", text)
    while re.search(r"(?:list|tuple|Sequence|Iterable|Callable|Literal)\[", outer):
        outer, before = re.sub(r"(list|tuple|Sequence|Iterable|Callable|Literal)\[(?:[^\[\]]|\[[^\[\]]*\])*\]", r"\1", outer), outer
        if outer == before:
            break
    words = {w for w in re.findall(r"\w+", outer) if w not in ("Union", "typing", "torch", "collections", "abc")}
    found, left = [], set(words)
    for name, pattern in KINDS:
        matching = {w for w in words if re.fullmatch(pattern, w)}
        if matching:
            found.append(name)
            left -= matching
    if left or found == ["None"]:
        return ""
    if p.default is None and "None" not in found:
        found.append("None")
    return " | ".join(found)


def literal(value: object) -> str:
    """A default as JavaScript would write it; `...` for an object of PyTorch's."""
    if isinstance(value, float) and math.isinf(value):
        return "-Infinity" if value < 0 else "Infinity"
    if isinstance(value, tuple):
        return "[" + ",".join(literal(v) for v in value) + "]"
    if callable(value) and getattr(value, "__module__", "") == "torch.nn.functional":
        return json.dumps(value.__name__)
    try:
        return json.dumps(value)
    except TypeError:
        return "..."


def camel(name: str) -> str:
    lead = re.match(r"_*", name).group()
    head, *tail = name[len(lead):].split("_")
    first = head if len(head) == 1 and not tail else head[:1].lower() + head[1:]
    return lead + first + "".join(part[:1].upper() + part[1:] for part in tail) + ("_" if name.endswith("_") else "")


def text(key: str, signature: inspect.Signature) -> str:
    """A signature in one line, as Python prints it."""
    parts, keyword = [], False
    for p in signature.parameters.values():
        if p.kind is p.KEYWORD_ONLY and not keyword:
            keyword = True
            parts.append("*")
        allowed = kind(key, p)
        default = "" if p.default is p.empty else f" = {literal(p.default)}"
        parts.append(p.name + (f": {allowed}" if allowed else "") + default)
    return ", ".join(parts)


def calls(signature: inspect.Signature) -> str:
    """The argument lists that TypeScript allows: by position, and by name from any required argument on."""
    parameters = list(signature.parameters.values())
    positional = [p for p in parameters if p.kind is not p.KEYWORD_ONLY]
    needed = [camel(p.name) for p in positional if p.default is p.empty]
    also = [camel(p.name) for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty]
    forms = []

    def without(names: list[str]) -> str:
        return "Omit<R, " + " | ".join(f"'{n}'" for n in names) + ">" if names else "R"

    options = f"{without(needed)} & O" if also else "O"

    def place(name: str) -> str:
        return f"{name + '_' if name in ('var', 'in', 'default') else name}: At<R, '{name}'>"
    full = [place(name) for name in needed]
    for p in positional[len(needed):]:
        name = camel(p.name)
        full.append(f"{name}?: At<O, '{name}'> | O")
    if len(parameters) > len(positional) or len(positional) == len(needed):
        optional = "" if also else "?"
        if parameters[len(needed):]:
            full.append(f"options{optional}: {options}")
    forms.append(f"[{', '.join(full)}]")
    for k in range(len(needed)):
        rest = without(needed[:k])
        forms.append(f"[{', '.join([*[place(n) for n in needed[:k]], f'options: {rest} & O'])}]")
    return " | ".join(forms)


def collect() -> dict[str, inspect.Signature]:
    found: dict[str, inspect.Signature] = {}
    listed = [value for module in MODULES for _, value in members(module)] + FUNCTIONS + METHODS
    for value in listed:
        entry = described(value)
        if entry and not LEFT_OUT.match(entry[0]) and not NOT_FOR_USERS.match(entry[0]):
            found[entry[0]] = entry[1]
    for key, function in RENAMED.items():
        found[key] = described(function)[1]
    return dict(sorted(found.items()))


def render(offered: set[str]) -> tuple[list[str], list[str]]:
    """The table in JavaScript, and its types; what is offered that this version lacks can't be called."""
    found = collect()
    name = lambda key: f"'{key}'" if "." in key else key  # noqa: E731
    table = [f"  {name(key)}: {json.dumps(text(key, s))}," for key, s in found.items()]
    calls_ = [f"  {name(key)}: {calls(s)};" for key, s in found.items()]
    calls_ += [f"  /** Not in this version of PyTorch. */\n  {name(key)}: [never];" for key in sorted(offered - set(found))]
    return table, [
        "/** The parameters of PyTorch's Python functions and constructors, in their order, with their defaults. */",
        "export declare const signatures: Readonly<Record<string, string>>;", "",
        "type At<P, Name> = Name extends keyof P ? P[Name] : never;", "",
        "/** How each may be called: `R` holds the types of the arguments that it needs, `O` those of the others. */",
        "export interface Calls<R, O> {", *calls_, "}"]
