"""A text classifier: a bidirectional LSTM of two layers over embedded words."""
import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self, vocabulary=200, size=16, hidden=12):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, size)
        self.rnn = nn.LSTM(size, hidden, num_layers=2, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(2 * hidden, 1)

    def forward(self, text):
        _, (hidden, _) = self.rnn(self.embedding(text))
        return self.fc(torch.cat((hidden[-2], hidden[-1]), dim=1))


model = Classifier()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss = nn.BCEWithLogitsLoss()
