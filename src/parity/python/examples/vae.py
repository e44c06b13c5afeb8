"""The twin of src/examples/vae.ts."""

import twin
import mnist
import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Linear(784, 400)
        self.mean = nn.Linear(400, 20)
        self.log_variance = nn.Linear(400, 20)
        self.decoder = nn.Sequential(
            nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784), nn.Sigmoid()
        )

    def forward(self, images):
        hidden = F.relu(self.encoder(images))
        mean = self.mean(hidden)
        log_variance = self.log_variance(hidden)
        deviation = (log_variance * 0.5).exp()
        code = mean + torch.randn_like(deviation) * deviation
        return self.decoder(code), mean, log_variance


def loss_of(drawn, images, mean, log_variance):
    reconstruction = F.binary_cross_entropy(drawn, images, reduction="sum")
    divergence = (log_variance + 1 - mean.pow(2) - log_variance.exp()).sum() * -0.5
    return reconstruction + divergence


def picture(image):
    return "\n".join(
        "".join(" .:-=+*#%@"[int(grey * 9.99)] for grey in row) for row in image.tolist()[::2]
    )


def train(steps, seed):
    batch = 128
    torch.manual_seed(seed)
    pixels = torch.from_numpy(mnist.images("train-images-idx3-ubyte")[: batch * steps].copy())
    data = TensorDataset(pixels.view(-1, 784) / 255)
    net = VAE()
    optimizer = optim.Adam(net.parameters(), lr=0.001)
    for (images,) in DataLoader(data, batch_size=batch, shuffle=True):
        optimizer.zero_grad()
        drawn, mean, log_variance = net(images)
        loss = loss_of(drawn, images, mean, log_variance)
        loss.backward()
        optimizer.step()
        yield loss.item() / batch
    with torch.no_grad():
        return picture(net.decoder(torch.randn(1, 20)).view(28, 28))


twin.run(train)
