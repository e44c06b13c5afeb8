"""The article's classifier in PyTorch, from Python."""

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


def prepare(pixels, labels):
    images = torch.tensor(pixels).view(-1, 1, 28, 28)
    return TensorDataset(images, torch.tensor(labels).long())


def build():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64 * 12 * 12, 1024),
        nn.ReLU(),
        nn.Linear(1024, 10),
    )


def train(model, data):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    criterion = nn.CrossEntropyLoss()
    loader = DataLoader(data, batch_size=32, shuffle=True)
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()


def accuracy(model, data):
    correct = 0
    count = 0
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=100):
            correct += model(images).argmax(1).eq(labels).sum().item()
            count += labels.size(0)
    return correct / count
