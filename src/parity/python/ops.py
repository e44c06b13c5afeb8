"""PyTorch's own sample inputs (the OpInfo database) with what Python computes from them.

Frames are written to the file descriptor --fd: a little-endian length and JSON, then a length and bytes. A frame has
some samples of one operator and dtype; tensors in it point into the frame's bytes.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import struct
import warnings

import device
import torch
from torch.testing._internal import common_methods_invocations
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.opinfo.core import OpInfo
from torch.utils._pytree import tree_leaves

warnings.filterwarnings("ignore")
# The database seeds some random operators again inside each call; here every call starts from the sample's seed.
common_methods_invocations.wrapper_set_seed = lambda op, *args, **kwargs: op(*args, **kwargs)
DTYPES = (torch.float32, torch.int64, torch.bool)
FRAME = 4 << 20

# Operators whose results are memory that nobody wrote: shape, dtype and strides count, values don't.
UNWRITTEN = {
    "empty", "empty_like", "empty_permuted", "empty_strided", "new_empty", "new_empty_strided", "resize_",
    "resize_as_",
}
# Functions that are written in Python, on top of other operators, by the module that they come from.
PYTHON_MODULES = ("torch.masked", "torch.signal", "torch._refs", "torch._lowrank", "torch.cuda.jiterator")
# The rest of them, by name: no single ATen operator does the same.
PYTHON_NAMES = {
    "broadcast_shapes", "svd_lowrank", "pca_lowrank", "__rdiv__", "__rpow__", "__rmod__", "__rmatmul__", "unravel_index",
    "lu", "nn.functional.linear_cross_entropy", "nn.functional.normalize", "nn.functional.softmin",
    "nn.functional.local_response_norm", "nn.functional.softsign", "nn.functional.tanhshrink",
    "nn.functional.multilabel_soft_margin_loss", "nn.functional.gaussian_nll_loss", "nn.functional.max_unpool1d",
    "nn.functional.triplet_margin_with_distance_loss", "nn.functional.multi_head_attention_forward",
    "nn.functional.upsample_bilinear", "nn.functional.upsample_nearest",
}


class Bytes:
    """The bytes of one frame; a storage that several tensors share is written once."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def put(self, data: bytes) -> list[int]:
        start = -(-self.size // 16) * 16
        # An empty storage takes a byte as well, so that each has its own place.
        padded = data or b"\0"
        self.parts.append(b"\0" * (start - self.size) + padded)
        self.size = start + len(padded)
        return [start, len(data)]


def raw(storage: torch.UntypedStorage) -> bytes:
    return torch.empty(0, dtype=torch.uint8, device=storage.device).set_(storage).cpu().numpy().tobytes()


def bits(x: torch.Tensor) -> bytes:
    """The elements in row-major order."""
    return raw(x.detach().resolve_conj().resolve_neg().contiguous().clone().untyped_storage())


def name(kind: object) -> str:
    return str(kind).removeprefix("torch.")


def number(value: float) -> dict:
    return {"float": value if math.isfinite(value) else str(value)}


class Inputs:
    """Arguments as JSON; tensors that require gradients become leaves, in the order of `leaves`."""

    def __init__(self, data: Bytes) -> None:
        self.data = data
        self.leaves: list[torch.Tensor] = []
        self.storages: dict[int, list[int]] = {}

    def tensor(self, x: torch.Tensor) -> tuple[torch.Tensor, dict]:
        if x.layout == torch.sparse_csr:
            parts = [self.tensor(p.detach())[1] for p in (x.crow_indices(), x.col_indices(), x.values())]
            leaf = x.detach().requires_grad_(x.requires_grad)
            described = {"csr": parts, "shape": list(x.shape)}
        elif x.device.type == "meta":
            leaf = x.detach().requires_grad_(x.requires_grad)
            described = {"shape": list(x.shape), "strides": list(x.stride()), "dtype": name(x.dtype), "meta": True}
        else:
            storage = x.untyped_storage()
            at = self.storages.get(storage._cdata)
            if at is None:
                at = self.storages[storage._cdata] = self.data.put(raw(storage))
            leaf = x.detach().requires_grad_(x.requires_grad)
            described = {
                "shape": list(x.shape), "strides": list(x.stride()), "offset": x.storage_offset(),
                "dtype": name(x.dtype), "data": at,
            }
            if x.device.type != "cpu":
                described["device"] = str(x.device)
        if x.requires_grad:
            self.leaves.append(leaf)
            described["grad"] = True
        return leaf, {"tensor": described}

    def __call__(self, value):
        """The value to call with, and its description."""
        if isinstance(value, torch.Tensor):
            return self.tensor(value)
        if isinstance(value, (list, tuple)):
            pairs = [self(v) for v in value]
            items = [p[0] for p in pairs]
            described = [p[1] for p in pairs]
            return type(value)(items), {"tuple": described} if isinstance(value, tuple) else described
        if isinstance(value, dict):
            pairs = {k: self(v) for k, v in value.items()}
            return {k: p[0] for k, p in pairs.items()}, {"named": {k: p[1] for k, p in pairs.items()}}
        return value, plain(value)


def plain(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else {"bigint": str(value)}
    if isinstance(value, float):
        return number(value)
    if isinstance(value, complex):
        return {"complex": [number(value.real), number(value.imag)]}
    if isinstance(value, (torch.dtype, torch.memory_format, torch.layout, torch.device)):
        return name(value)
    if isinstance(value, slice):
        return {"slice": [plain(value.start), plain(value.stop), plain(value.step)]}
    if value is Ellipsis:
        return {"ellipsis": True}
    return {"object": type(value).__name__}


def result(value, data: Bytes, values: bool):
    """A result as JSON; without `values` only what is known of memory that nobody wrote."""
    if isinstance(value, torch.Tensor):
        about = {"dtype": name(value.dtype), "shape": list(value.shape), "layout": name(value.layout)}
        if value.device.type not in ("cpu", "meta"):
            about["device"] = str(value.device)
        if value.layout == torch.sparse_coo:
            parts = [value._indices(), value._values()]
        elif value.layout == torch.sparse_csr:
            parts = [value.crow_indices(), value.col_indices(), value.values()]
        else:
            about["strides"] = list(value.stride())
            if values:
                about["data"] = data.put(bits(value))
            return {"tensor": about}
        about["parts"] = [result(p, data, values) for p in parts]
        return {"tensor": about}
    if isinstance(value, (list, tuple)):
        return [result(v, data, values) for v in value]
    return plain(value)


def cotangent(x: torch.Tensor) -> torch.Tensor:
    """Small numbers that are exact in every dtype: -0.75, -0.625, …, 0.75, and again."""
    count = x.numel() * (2 if x.is_complex() else 1)
    line = (torch.arange(count) % 13 - 6).div(8).to(x.device, x.real.dtype if x.is_complex() else x.dtype)
    return torch.view_as_complex(line.view(*x.shape, 2)) if x.is_complex() else line.view(x.shape)


def failure(error: Exception) -> dict:
    return {"class": type(error).__name__, "message": str(error).split("\nException raised from")[0].strip()}


def differentiable(value) -> list[torch.Tensor]:
    return [x for x in tree_leaves(value) if isinstance(x, torch.Tensor) and x.requires_grad and x.layout == torch.strided]


def variants(op: OpInfo, out, first, args: list, kwargs: dict):
    """The calls that should give the same as `out`: into a tensor, and in place of the first argument."""
    if not isinstance(out, torch.Tensor) or out.layout != torch.strided:
        return
    if op.supports_out:
        into = torch.empty(0, dtype=out.dtype, device=out.device)

        def call_out():
            op(first, *args, **kwargs, out=into)
            return into

        yield "out", call_out
    same = isinstance(first, torch.Tensor) and first.dtype == out.dtype and first.shape == out.shape
    if op.inplace_variant is not None and same:
        yield "inPlace", lambda: op.inplace_variant(first.clone(), *args, **kwargs)


def same_or_other(out: torch.Tensor, call, data: Bytes):
    """True where a variant gives the same elements, else what it gives: a product into `out` may round otherwise."""
    try:
        with torch.no_grad():
            other = call()
    except Exception as error:  # noqa: BLE001
        return {"error": failure(error)}
    if other.shape == out.shape and other.dtype == out.dtype and bits(other) == bits(out):
        return True
    return {"result": result(other, data, True)}


def run(op: OpInfo, sample, seed: int, data: Bytes) -> dict:
    """One call, forward and backward: the arguments and what came of them."""
    inputs = Inputs(data)
    first, described_first = inputs(sample.input)
    args, described_args = inputs(list(sample.args))
    kwargs, described_kwargs = inputs(sample.kwargs)
    described = {"args": [described_first, *described_args], "kwargs": described_kwargs["named"]}
    torch.manual_seed(seed)
    try:
        out = op(first, *args, **kwargs)
    except Exception as error:  # noqa: BLE001: it is compared with ours
        return {**described, "error": failure(error)}
    described["result"] = result(out, data, op.name not in UNWRITTEN)
    if op.name not in UNWRITTEN:
        for variant, call in variants(op, out, first, args, kwargs):
            torch.manual_seed(seed)
            described[variant] = same_or_other(out, call, data)
    outputs = differentiable(out)
    described["differentiable"] = len(outputs)
    if inputs.leaves and outputs and op.name not in UNWRITTEN:
        # Where the gradient of all outputs together is refused, as for an eigenvector's free phase, the first alone.
        tries = [outputs, outputs[:1]] if len(outputs) > 1 else [outputs]
        described["backward"] = []
        for chosen in tries:
            try:
                gradients = torch.autograd.grad(
                    chosen, inputs.leaves, [cotangent(x) for x in chosen], retain_graph=True, allow_unused=True)
                described["backward"].append({"gradients": [result(g, data, True) for g in gradients]})
                break
            except Exception as error:  # noqa: BLE001
                described["backward"].append({"error": failure(error)})
    return described


def module(op: OpInfo) -> str:
    return getattr(op.op, "__module__", None) or ""


def target(op: OpInfo) -> str:
    """The function's name; an operator that is called as torch.ops.aten.name keeps that."""
    if module(op).startswith("torch._ops"):
        packet = getattr(op.op, "overloadpacket", op.op)
        return f"torch.ops.aten.{packet.__name__}"
    # Up to PyTorch 2.14 the database calls randn_like by this name.
    if op.name == "rand_like" and "randn_like" in op.op.__code__.co_names:
        return "randn_like"
    return op.name


def is_python(op: OpInfo) -> bool:
    return op.name in PYTHON_NAMES or op.name.startswith("jiterator") or module(op).startswith(PYTHON_MODULES)


def full_name(op: OpInfo) -> str:
    return f"{op.name} ({op.variant_test_name})" if op.variant_test_name else op.name


def wanted(texts: list[str] | None) -> list[OpInfo]:
    """The operators with one of the names, or, for part of a name, those whose names contain it."""
    if not texts:
        return list(op_db)
    whole = {n for op in op_db for n in (op.name, full_name(op))}.intersection(texts)
    parts = set(texts) - whole
    return [op for op in op_db if {op.name, full_name(op)} & whole or any(t in full_name(op) for t in parts)]


def sample_makers(op: OpInfo, place: str):
    """The samples of each dtype, and those that the operator should refuse, under the name `refused`."""
    for dtype in DTYPES:
        if dtype in op.supported_dtypes(torch.device(place).type):
            gradients = dtype.is_floating_point and op.supports_autograd
            yield name(dtype), lambda d=dtype, g=gradients: list(op.sample_inputs(place, d, requires_grad=g))
    if op.error_inputs_func is not None:
        yield "refused", lambda: [error.sample_input for error in op.error_inputs(place)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ops", action="append")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args()
    torch.set_num_threads(1)
    device.use(options.device)
    # An optional package, which reorders products of three and more tensors where it happens to be installed.
    torch.backends.opt_einsum.enabled = False
    out = os.fdopen(options.fd, "wb")
    chosen = wanted(options.ops)

    def write(header: dict, samples: list[dict], data: Bytes) -> None:
        text = json.dumps({**header, "samples": samples}).encode()
        out.write(struct.pack("<I", len(text)) + text + struct.pack("<I", data.size))
        for part in data.parts:
            out.write(part)
        out.flush()

    for index, op in enumerate(chosen):
        for kind, make in sample_makers(op, options.device):
            header = {
                "op": op.name, "target": target(op), "variant": op.variant_test_name, "dtype": kind,
                "python": is_python(op), "method": op.method_variant is not None, "done": index / len(chosen),
            }
            torch.manual_seed(options.seed)
            made = make()
            samples: list[dict] = []
            data = Bytes()
            for seed, sample in enumerate(made):
                samples.append(run(op, sample, seed, data))
                if data.size > FRAME or seed == len(made) - 1:
                    write({**header, "first": seed + 1 - len(samples)}, samples, data)
                    samples, data = [], Bytes()
    out.close()


if __name__ == "__main__":
    main()
