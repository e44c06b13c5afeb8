"""The Python side of the bench: does one workload and prints the seconds that its timed part took, and a
digest of what it computed. The twins are in src/bench/workloads.ts. `--compile` trains through torch.compile."""

import json
import sys
from pathlib import Path

from outcome import digest_of, timed
from small_workloads import SMALL_WORKLOADS

sys.path.insert(0, str(Path(__file__).parents[1] / "parity" / "python"))


def adds() -> dict:
    import torch

    one = torch.ones(1)

    def run():
        for _ in range(1_000_000):
            torch.add(one, one)

    run()
    return timed(run)


def indexing() -> dict:
    import torch

    x = torch.ones(3, 4)

    def run():
        for _ in range(20_000):
            x[0]
            x[0, 1:]
            x[:, 1]
            x[..., 0]
            x[None]
            x[1:3]
            x[::2, 1:3]
            x[-1, -1]

    run()
    return timed(run)


def nested_arrays() -> dict:
    import torch

    rows = [[i + j / 1000 for j in range(1000)] for i in range(1000)]

    def run():
        for _ in range(10):
            torch.tensor(rows)

    run()
    return timed(run)


def torch_steps(size: int, pooling: int, hidden: int | None, batch: int, steps: int) -> dict:
    import torch
    import torch.nn.functional as F
    from torch import nn, optim

    class CNNModel(nn.Module):
        def __init__(self):
            super().__init__()
            features = 64 * ((size - 4) // pooling) ** 2
            self.conv1 = nn.Conv2d(1, 32, 3)
            self.conv2 = nn.Conv2d(32, 64, 3)
            self.hidden = nn.Linear(features, hidden) if hidden else None
            self.fc = nn.Linear(hidden or features, 10)

        def forward(self, x):
            x = F.relu(self.conv1(x))
            x = F.relu(self.conv2(x))
            x = F.max_pool2d(x, pooling)
            x = torch.flatten(x, 1)
            if self.hidden:
                x = F.relu(self.hidden(x))
            return F.log_softmax(self.fc(x), dim=1)

    torch.manual_seed(0)
    net = CNNModel()
    optimizer = optim.SGD(net.parameters(), lr=0.01)
    criterion = nn.CrossEntropyLoss()
    x = torch.randn(batch, 1, size, size)
    y = torch.randint(10, (batch,))

    model = torch.compile(net) if "--compile" in sys.argv else net

    def run(count):
        for _ in range(count):
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            loss.item()

    run(2)
    times = timed(lambda: run(steps))
    return {**times, "digest": digest_of(*net.parameters())}


def transforms() -> dict:
    """As torchvision does it: MNIST's __getitem__, and each of its transforms on one image at a time."""
    import numpy as np
    import torch
    from PIL import Image
    from torch.utils.data import DataLoader, Dataset

    import mnist

    def resize(image: Image.Image) -> Image.Image:
        return image.resize((8, 8), Image.BILINEAR)

    def to_tensor(image: Image.Image) -> torch.Tensor:
        x = torch.from_numpy(np.array(image, np.uint8, copy=True))
        x = x.view(image.size[1], image.size[0], 1).permute(2, 0, 1).contiguous()
        return x.to(dtype=torch.float32).div(255)

    def normalize(x: torch.Tensor) -> torch.Tensor:
        x = x.clone()
        mean = torch.as_tensor([0.1307], dtype=x.dtype, device=x.device)
        std = torch.as_tensor([0.3081], dtype=x.dtype, device=x.device)
        if (std == 0).any():
            raise ValueError("std is 0")
        return x.sub_(mean.view(-1, 1, 1)).div_(std.view(-1, 1, 1))

    class Images(Dataset):
        def __init__(self):
            self.data = torch.from_numpy(mnist.images("train-images-idx3-ubyte").copy())
            self.targets = torch.from_numpy(mnist.labels("train-labels-idx1-ubyte").copy()).long()

        def __len__(self):
            return len(self.data)

        def __getitem__(self, i):
            image, target = Image.fromarray(self.data[i].numpy()), int(self.targets[i])
            for transform in (resize, to_tensor, normalize):
                image = transform(image)
            return image, target

    dataset = Images()

    def run():
        assert sum(len(x) for x, _ in DataLoader(dataset, batch_size=512)) == 60_000

    return timed(run)


def tensorflow_steps() -> dict:
    import keras

    import mnist
    from keras_article import build

    model = build(0)
    model.compile(optimizer="sgd", loss="categorical_crossentropy", metrics=["accuracy"])
    x = mnist.images("train-images-idx3-ubyte")[:32].astype("float32")[..., None] / 255.0
    y = keras.utils.to_categorical(mnist.labels("train-labels-idx1-ubyte")[:32], 10)

    def run(count):
        for _ in range(count):
            model.train_on_batch(x, y)

    run(2)
    return timed(lambda: run(40))


WORKLOADS = {
    "adds": adds,
    "indexing": indexing,
    "nested-arrays": nested_arrays,
    **SMALL_WORKLOADS,
    "article-step": lambda: torch_steps(8, 1, None, 512, 60),
    "model-28": lambda: torch_steps(28, 2, 1024, 32, 30),
    "transforms": transforms,
    "tensorflow-step": tensorflow_steps,
}

if __name__ == "__main__":
    print(json.dumps(WORKLOADS[sys.argv[1]]()))
