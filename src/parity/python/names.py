"""The public names of PyTorch's modules, and the methods and attributes of its classes.

Reads the list of their paths from standard input, such as `torch.nn` and `torch.nn.Module`; prints for each its names.
"""

import importlib
import json
import sys
import types
import warnings

import torch

warnings.simplefilter("ignore")


def found(path: str):
    """The module or class of a dotted path; None where this version of PyTorch has none."""
    try:
        return importlib.import_module(path)
    except ImportError:
        owner, _, name = path.rpartition(".")
        return getattr(found(owner), name, None) if owner else None


def is_torchs(value) -> bool:
    """Whether it is PyTorch's own, and not what a module has imported."""
    if isinstance(value, types.ModuleType):
        return False
    owner = getattr(value, "__module__", None) or ""
    if isinstance(value, type | types.FunctionType | types.BuiltinFunctionType):
        return owner.split(".")[0] == "torch"
    return isinstance(value, int | float | torch.dtype | torch.layout | torch.memory_format | torch.Generator)


def public(path: str) -> list[str]:
    owner = found(path)
    if owner is None:
        return []
    names = [name for name in dir(owner) if not name.startswith("_")]
    if isinstance(owner, types.ModuleType):
        listed = getattr(owner, "__all__", None)
        if listed:
            names = [name for name in listed if not name.startswith("_")]
        else:
            names = [name for name in names if is_torchs(getattr(owner, name, None))]
    return sorted(set(names))


print(json.dumps({path: public(path) for path in json.load(sys.stdin)}))
