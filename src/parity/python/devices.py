"""What PyTorch answers to questions about devices: a JSON list of expressions on standard input, a list of answers out."""

import json
import math
import re
import sys
import tempfile
import warnings

import numpy as np  # noqa: F401: for the expressions
import torch

warnings.simplefilter("ignore")


def place() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def with_default(device, make):
    torch.set_default_device(device)
    try:
        return make()
    finally:
        torch.set_default_device(None)


def hooked():
    seen = []
    x = torch.ones(2, device=place(), requires_grad=True)
    y = x * 3

    def double(gradient):
        seen.append(gradient.tolist())
        return gradient * 2

    y.register_hook(double)
    x.register_post_accumulate_grad_hook(lambda leaf: seen.append(leaf.grad.tolist()))
    y.sum().backward()
    return seen


def in_stream():
    x = torch.full((64, 64), 2.0, device=place())
    if not torch.cuda.is_available():
        return (x @ x).sum().item()
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        product = x @ x
    torch.cuda.current_stream().wait_stream(side)
    product.record_stream(torch.cuda.current_stream())
    return product.sum().item()


def saved():
    with tempfile.TemporaryFile() as file:
        torch.save({"x": torch.arange(4, device=place()).view(2, 2).t()}, file)
        file.seek(0)
        return torch.load(file)["x"]


def mixed():
    torch.manual_seed(0)
    device = place()
    net = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Linear(16, 4)).to(device)
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
    scaler = torch.amp.GradScaler(device, growth_interval=3)
    x, y = torch.randn(32, 8), torch.randint(4, (32,))
    seen = []
    for step in range(8):
        optimizer.zero_grad()
        with torch.autocast(device):
            loss = torch.nn.functional.cross_entropy(net(x.to(device)), y.to(device))
        scaler.scale(loss * math.inf if step == 5 else loss).backward()
        scaler.step(optimizer)
        scaler.update()
        seen += [loss.item(), scaler.get_scale()]
    return seen


def shown(value):
    if isinstance(value, torch.Tensor):
        name = str(value.dtype).removeprefix("torch.")
        return {"dtype": name, "device": str(value.device), "values": value.tolist()}
    if isinstance(value, torch.device):
        return str(value)
    if isinstance(value, list | tuple):
        # Counts that only some versions have.
        return [shown(each) for each in value if not re.search("private_pools|num_oom_rejections", str(each))]
    return value if isinstance(value, int | float | str) else None


def answer(text: str) -> dict:
    try:
        return {"value": shown(eval(text))}
    except Exception as error:  # noqa: BLE001: it is compared with ours
        return {"error": {"class": type(error).__name__, "message": str(error).split("\n")[0]}}


print(json.dumps([answer(text) for text in json.load(sys.stdin)]))
