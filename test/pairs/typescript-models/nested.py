import torch
from torch import nn
model = nn.Sequential(nn.Conv2d(3, 3, 3, padding=1, groups=3, bias=False), nn.Conv2d(3, 4, 1), nn.PReLU(4, init=0.0), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(64, 3), nn.Hardsigmoid())
loss = nn.L1Loss()
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.05, initial_accumulator_value=0.1, eps=1e-7)
