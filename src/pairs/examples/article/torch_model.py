"""The article's classifier in PyTorch, as its PyTorch half has it."""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class CNNModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3)
        self.conv2 = nn.Conv2d(32, 64, 3)
        self.fc = nn.Linear(1024, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.max_pool2d(F.relu(self.conv2(x)), 1)
        return F.log_softmax(self.fc(torch.flatten(x, 1)), dim=1)


model = CNNModel()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
loss = nn.CrossEntropyLoss()

# The same images, resized to 8×8 and normalised; labels as class indices.
rng = np.random.default_rng(0)
images = torch.from_numpy((rng.integers(0, 256, (32, 1, 28, 28)) / 255).astype("float32"))
inputs = (F.interpolate(images, (8, 8), mode="bilinear", antialias=True) - 0.1307) / 0.3081
targets = torch.from_numpy(rng.integers(0, 10, 32))
