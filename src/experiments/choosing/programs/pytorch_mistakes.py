"""Five mistakes in PyTorch, from Python."""

import torch
from torch import nn


def features():
    return nn.Linear(784, 10)(torch.zeros(32, 64))


def label():
    return nn.CrossEntropyLoss()(torch.zeros(1, 10), torch.tensor([10]))


def decimals():
    return nn.CrossEntropyLoss()(torch.zeros(1, 10), torch.tensor([3.5]))


def option():
    return nn.Conv2d(1, 32, 3, paddding=1)


def shapes():
    return torch.ones(2, 3) + torch.ones(4)
