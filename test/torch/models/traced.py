"""What the models that TypeScript has traced print and give for the inputs in inputs.pt."""

import json
import sys

import torch

folder = sys.argv[1]
inputs = torch.load(f"{folder}/inputs.pt")


def bits(value):
    if isinstance(value, torch.Tensor):
        data = value.detach().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes().hex()
        return f"{list(value.shape)} {str(value.dtype).removeprefix('torch.')} {data}"
    if isinstance(value, dict):
        return " ".join(f"{name} {bits(item)}" for name, item in value.items())
    return " ".join(bits(item) for item in value)


answers = {}
for name, arguments in inputs.items():
    model = torch.jit.load(f"{folder}/{name}.pt")
    result = model(*arguments)
    answers[name] = [str(model), bits(result), sorted(model.state_dict())]
print(json.dumps(answers))
