"""The twin of src/examples/transformer.ts."""

import twin
import torch
import torch.nn.functional as F
from torch import nn, optim

digits, length, width = 10, 8, 64


class Sorter(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(digits, width)
        self.position = nn.Parameter(torch.randn(length, width) * 0.02)
        self.encoder = nn.TransformerEncoder(
            nn.TransformerEncoderLayer(
                width, 4, dim_feedforward=128, dropout=0, batch_first=True, norm_first=True
            ),
            2,
            nn.LayerNorm(width),
            enable_nested_tensor=False,
        )
        self.head = nn.Linear(width, digits)

    def forward(self, numbers):
        return self.head(self.encoder(self.embedding(numbers) + self.position))


def train(steps, seed):
    torch.manual_seed(seed)
    net = Sorter()
    optimizer = optim.AdamW(net.parameters(), lr=0.002)
    scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in range(steps):
        numbers = torch.randint(0, digits, [128, length])
        target = numbers.sort(1).values
        optimizer.zero_grad()
        loss = F.cross_entropy(net(numbers).flatten(0, 1), target.flatten())
        loss.backward()
        optimizer.step()
        scheduler.step()
        yield loss.item()
    net.eval()
    with torch.no_grad():
        numbers = torch.randint(0, digits, [1000, length])
        guess = net(numbers).argmax(2)
        right = guess.eq(numbers.sort(1).values).all(1).sum().item()
        row = lambda rows: " ".join(map(str, rows[0].tolist()))
        return f"{right} of 1000 rows are sorted; the first: {row(numbers)} → {row(guess)}"


twin.run(train)
