"""The twin of src/examples/lstm.ts."""

from pathlib import Path

import twin
import torch
import torch.nn.functional as F
from torch import nn, optim

text = (Path(__file__).parents[4] / "data/jabberwocky.txt").read_text(encoding="utf-8")
letters = sorted(set(text))
codes = [letters.index(letter) for letter in text]


class Reciter(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(len(letters), 32)
        self.lstm = nn.LSTM(32, 128, num_layers=2, dropout=0.1)
        self.head = nn.Linear(128, len(letters))

    def forward(self, input, state=None):
        output, state = self.lstm(self.embedding(input), state)
        return self.head(output), state


def recite(net, beginning, count):
    net.eval()
    with torch.no_grad():
        recited = beginning
        scores, state = net(torch.tensor([[letters.index(letter)] for letter in beginning]))
        for _ in range(count):
            code = scores[-1].argmax(1).item()
            recited += letters[code]
            scores, state = net(torch.tensor([[code]]), state)
        return recited


def train(steps, seed):
    length, batch = 48, 16
    torch.manual_seed(seed)
    poem = torch.tensor(codes)
    net = Reciter()
    optimizer = optim.Adam(net.parameters(), lr=0.005)
    for _ in range(steps):
        starts = torch.randint(0, len(codes) - length - 1, [batch])
        stretch = poem.take(torch.arange(length + 1).unsqueeze(1) + starts)
        optimizer.zero_grad()
        scores, _ = net(stretch[:length])
        loss = F.cross_entropy(scores.flatten(0, 1), stretch[1:].flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1)
        optimizer.step()
        yield loss.item()
    return recite(net, "’Twas brillig", 120)


twin.run(train)
