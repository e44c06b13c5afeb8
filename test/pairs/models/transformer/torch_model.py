"""An encoder after Vaswani et al. (2017), of PyTorch's own layers."""
import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, length=12, vocabulary=100, size=16):
        super().__init__()
        self.words = nn.Embedding(vocabulary, size)
        self.places = nn.Embedding(length, size)
        layer = nn.TransformerEncoderLayer(size, 2, 32, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 1)
        self.dropout = nn.Dropout(0.1)
        self.hidden = nn.Linear(size, 20)
        self.head = nn.Linear(20, 3)

    def forward(self, x):
        x = self.words(x) + self.places(torch.arange(x.size(1)))
        x = self.dropout(self.encoder(x).mean(1))
        return self.head(torch.relu(self.hidden(x)))


model = Encoder()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss = nn.CrossEntropyLoss()
