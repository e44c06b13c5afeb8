"""Exports models into the folder that is named, with inputs and what they give: models.pt has both."""

import sys
import warnings
from typing import NamedTuple, Optional

import torch
from torch import nn

warnings.simplefilter("ignore")
folder = sys.argv[1]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3)
        self.norm = nn.BatchNorm2d(4)
        self.fc = nn.Linear(4 * 6 * 6, 3)
        self.tied = self.fc

    def forward(self, x):
        return torch.log_softmax(self.fc(torch.relu(self.norm(self.conv(x))).flatten(1)), 1)


class Scores(NamedTuple):
    best: torch.Tensor
    count: int


class Walker(nn.Module):
    """Control flow, default arguments, attributes, nested results."""

    scale: float

    def __init__(self):
        super().__init__()
        self.step = nn.Linear(3, 3)
        self.scale = 2.5
        self.labels = ["a", "b"]
        self.register_buffer("seen", torch.zeros(1))

    def forward(self, x, steps: int = 2, offsets: Optional[dict[str, torch.Tensor]] = None):
        total = 0
        for i in range(steps):
            if bool(x.sum() > 0):
                x = self.step(x)
            else:
                x = x - self.scale
            total += i
        if self.training:
            self.seen += 1
        if offsets is not None:
            x = x + offsets["all"]
        return {"x": x, "twice": x * 2}, (x.sum(), [total, steps]), Scores(x.amax(), steps)

    @torch.jit.export
    def scaled(self, x, by: float = 1.0):
        return x * self.scale * by


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(10, 6)
        self.lstm = nn.LSTM(6, 5, batch_first=True, bidirectional=True)
        self.attention = nn.MultiheadAttention(10, 2, batch_first=True)

    def forward(self, words):
        hidden, _ = self.lstm(self.embedding(words))
        return self.attention(hidden, hidden, hidden)[0]


class Nested(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 2, bias=False)

    def forward(self, pair, *, bias):
        a, b = pair
        h = self.fc(a + b["left"]) + bias
        return {"h": h, "parts": [h.sigmoid(), (h * 2, b["right"] - 1)]}


torch.manual_seed(0)
image, x, words = torch.randn(2, 1, 8, 8), torch.randn(2, 3), torch.randint(10, (2, 7))
net, walker, tagger = Net().eval(), Walker(), Tagger().eval()
torch.jit.trace(net, image).save(f"{folder}/net.pt")
walker = torch.jit.script(walker)
walker.save(f"{folder}/walker.pt")
torch.jit.script(tagger).save(f"{folder}/tagger.pt")
frozen = torch.jit.freeze(torch.jit.script(net))
frozen.save(f"{folder}/frozen.pt")

nested = Nested().eval()
pair = (torch.randn(3, 4), {"left": torch.randn(3, 4), "right": torch.randn(5)})
named = {"bias": torch.randn(2)}
program = torch.export.export(nested, (pair,), named)
torch._inductor.aoti_compile_and_package(program, package_path=f"{folder}/nested.pt2")

results, sums, scores = walker(x, steps=3)
with torch.no_grad():
    torch.save(
        {
            "image": image,
            "net": net(image),
            "frozen": frozen(image),
            "x": x,
            "walker": [results["x"], results["twice"], sums[0], scores.best],
            "offset": walker(x, 1, {"all": torch.ones(1)})[0]["x"],
            "scaled": walker.scaled(x, 3.0),
            "words": words,
            "tagger": tagger(words),
            "pair": [pair[0], pair[1]["left"], pair[1]["right"], named["bias"]],
            "nested": torch._inductor.aoti_load_package(f"{folder}/nested.pt2")(pair, **named),
            "state": walker.state_dict(),
        },
        f"{folder}/models.pt",
    )
torch.save({"state": net.state_dict(), "list": [1, image[0, 0]]}, f"{folder}/legacy.pt", _use_new_zipfile_serialization=False)
print(str(torch.jit.load(f"{folder}/net.pt")) + "\n" + str(walker))
