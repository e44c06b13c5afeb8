"""The twin of src/examples/resnet.ts."""

import twin
import mnist
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


class ResidualBlock(nn.Module):
    def __init__(self, channels, out, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.shortcut = nn.Sequential()
        if stride != 1 or channels != out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels, out, 1, stride=stride, bias=False),
                nn.BatchNorm2d(out),
            )

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(1, 16, 3, padding=1, bias=False)
        self.block1 = ResidualBlock(16, 16)
        self.block2 = ResidualBlock(16, 32, 2)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(32, 10)

    def forward(self, images):
        x = self.block2(self.block1(F.relu(self.stem(images))))
        return self.fc(torch.flatten(self.pool(x), 1))


def digits(images, labels, count):
    return TensorDataset(
        torch.from_numpy(mnist.images(images)[:count].copy()).unsqueeze(1) / 255,
        torch.from_numpy(mnist.labels(labels)[:count].copy()).long(),
    )


def train(steps, seed):
    torch.manual_seed(seed)
    net = ResNet()
    optimizer = optim.AdamW(net.parameters(), lr=0.03)
    scheduler = optim.lr_scheduler.OneCycleLR(optimizer, 0.03, total_steps=steps)
    data = digits("train-images-idx3-ubyte", "train-labels-idx1-ubyte", 64 * steps)
    for images, labels in DataLoader(data, batch_size=64, shuffle=True):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(images), labels)
        loss.backward()
        optimizer.step()
        scheduler.step()
        yield loss.item()
    images, labels = digits("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", 1000).tensors
    net.eval()
    with torch.no_grad():
        right = net(images).argmax(1).eq(labels).sum().item()
    return f"{right} of 1000 test digits are recognised"


twin.run(train)
