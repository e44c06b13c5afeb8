"""Larger images from small ones, as PyTorch's example `super_resolution` makes them."""
from math import log10

import torch
import torch.nn as nn
import torch.nn.init as init
import torch.optim as optim


class Net(nn.Module):
    def __init__(self, upscale_factor):
        super().__init__()
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv2d(1, 16, (5, 5), (1, 1), (2, 2))
        self.conv2 = nn.Conv2d(16, 16, (3, 3), (1, 1), (1, 1))
        self.conv3 = nn.Conv2d(16, 8, (3, 3), (1, 1), (1, 1))
        self.conv4 = nn.Conv2d(8, upscale_factor**2, (3, 3), (1, 1), (1, 1))
        self.pixel_shuffle = nn.PixelShuffle(upscale_factor)
        self._initialize_weights()

    def forward(self, x):
        x = self.relu(self.conv1(x))
        x = self.relu(self.conv2(x))
        x = self.relu(self.conv3(x))
        x = self.pixel_shuffle(self.conv4(x))
        return x

    def _initialize_weights(self):
        init.orthogonal_(self.conv1.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv2.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv3.weight, init.calculate_gain("relu"))
        init.orthogonal_(self.conv4.weight)


def main():
    torch.manual_seed(123)
    device = torch.device("cpu")
    targets = torch.rand(3, 4, 1, 16, 16)
    inputs = torch.nn.functional.interpolate(targets.flatten(0, 1), scale_factor=0.5, mode="bilinear")
    inputs = inputs.view(3, 4, 1, 8, 8)
    model = Net(upscale_factor=2).to(device)
    criterion = nn.MSELoss()
    optimizer = optim.Adam(model.parameters(), lr=0.01)
    for epoch in range(1, 3):
        for input, target in zip(inputs, targets):
            input, target = input.to(device), target.to(device)
            optimizer.zero_grad()
            loss = criterion(model(input), target)
            yield loss.item()
            loss.backward()
            optimizer.step()
        with torch.no_grad():
            mse = criterion(model(inputs[0]), targets[0])
            yield mse.item()
