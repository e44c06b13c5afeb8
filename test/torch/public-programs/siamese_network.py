"""Whether two images show one thing, as PyTorch's example `siamese_network` learns it."""
import torch
import torch.nn as nn
import torch.optim as optim
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader, Dataset


class SiameseNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 6, 3, 2, 1, bias=False),
            nn.BatchNorm2d(6),
            nn.ReLU(inplace=True),
            nn.Conv2d(6, 8, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1)),
            nn.AdaptiveAvgPool2d((1, 1)),
        )
        self.fc = nn.Sequential(nn.Linear(16, 12), nn.ReLU(inplace=True), nn.Linear(12, 1))
        self.sigmoid = nn.Sigmoid()
        self.features.apply(self.init_weights)
        self.fc.apply(self.init_weights)

    def init_weights(self, m):
        if isinstance(m, nn.Linear):
            torch.nn.init.xavier_uniform_(m.weight)
            m.bias.data.fill_(0.01)

    def forward_once(self, x):
        output = self.features(x)
        output = output.view(output.size()[0], -1)
        return output

    def forward(self, input1, input2):
        output1 = self.forward_once(input1)
        output2 = self.forward_once(input2)
        output = torch.cat((output1, output2), 1)
        output = self.fc(output)
        output = self.sigmoid(output)
        return output


class Pairs(Dataset):
    def __init__(self, count):
        self.data = torch.rand(count, 12, 12)
        self.targets = torch.randint(0, 3, (count,))

    def __len__(self):
        return self.data.shape[0]

    def __getitem__(self, index):
        image_1 = self.data[index].unsqueeze(0)
        other = torch.randint(0, len(self), (1,)).item()
        image_2 = self.data[other].unsqueeze(0)
        same = self.targets[index] == self.targets[other]
        target = torch.tensor(1 if same else 0, dtype=torch.float)
        return image_1, image_2, target


def main():
    torch.manual_seed(1)
    device = torch.device("cpu")
    train_loader = DataLoader(Pairs(24), shuffle=True, batch_size=6)
    model = SiameseNetwork().to(device)
    optimizer = optim.Adadelta(model.parameters(), lr=1.0)
    scheduler = StepLR(optimizer, step_size=1, gamma=0.7)
    criterion = nn.BCELoss()
    for epoch in range(1, 3):
        model.train()
        for batch_idx, (images_1, images_2, targets) in enumerate(train_loader):
            images_1, images_2, targets = images_1.to(device), images_2.to(device), targets.to(device)
            optimizer.zero_grad()
            outputs = model(images_1, images_2).squeeze()
            loss = criterion(outputs, targets)
            loss.backward()
            optimizer.step()
            yield loss.item()
        scheduler.step()
