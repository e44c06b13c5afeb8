"""The article's PyTorch recipe in Python: prints the loss of every training batch."""

import argparse
import json
import time

import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

import device
import mnist


class CNNModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, 1)
        self.conv2 = nn.Conv2d(32, 64, 3, 1)
        self.fc = nn.Linear(1024, 10)

    def forward(self, x):
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(x, 1)
        x = torch.flatten(x, 1)
        return F.log_softmax(self.fc(x), dim=1)


def tensors(images, labels, place) -> TensorDataset:
    # Resize((8, 8)) through PIL gives these bytes; ToTensor and Normalize follow torchvision.
    x = torch.from_numpy(images.copy()).unsqueeze(1)
    x = torch.ops.aten._upsample_bilinear2d_aa(x, [8, 8], False)
    x = x.to(torch.float32).div(255).sub(0.1307).div(0.3081)
    return TensorDataset(x.to(place), torch.from_numpy(labels.copy()).long().to(place))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--images", type=int)
    parser.add_argument("--shuffle", action="store_true")
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    device.use(args.device)
    torch.manual_seed(args.seed)
    net = CNNModel().to(args.device)
    data = tensors(mnist.images("train-images-idx3-ubyte")[:args.images],
                   mnist.labels("train-labels-idx1-ubyte")[:args.images], args.device)
    test = tensors(mnist.images("t10k-images-idx3-ubyte")[:args.images],
                   mnist.labels("t10k-labels-idx1-ubyte")[:args.images], args.device)
    loader = DataLoader(data, batch_size=512, shuffle=args.shuffle)
    test_loader = DataLoader(test, batch_size=512)
    optimizer = optim.SGD(net.parameters(), lr=0.01)
    criterion = nn.CrossEntropyLoss()
    losses = []
    start = time.monotonic()
    for _ in range(args.epochs):
        for x, y in loader:
            optimizer.zero_grad()
            output = net(x)
            loss = criterion(output, y)
            loss.backward()
            optimizer.step()
            # As in TypeScript, so that the times are of the same work.
            (output.argmax(1) == y).sum().item()
            losses.append(loss.item())
        with torch.no_grad():
            for x, y in test_loader:
                output = net(x)
                criterion(output, y).item()
                (output.argmax(1) == y).sum().item()
    print(json.dumps({"losses": losses, "seconds": time.monotonic() - start}))


main()
