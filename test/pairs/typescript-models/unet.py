import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(1, 4, 3, padding="same"); self.pool = nn.MaxPool2d(2)
        self.middle = nn.Conv2d(4, 4, 3, padding=1); self.up = nn.ConvTranspose2d(4, 4, 2, stride=2)
        self.drop = nn.Dropout2d(0.2); self.out = nn.Conv2d(8, 1, 1)
    def forward(self, x):
        a = torch.relu(self.down(x)); y = self.up(torch.relu(self.middle(self.pool(a))))
        return self.out(torch.cat([a, self.drop(y)], 1))
model = Net()
loss = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([2.0]))
optimizer = torch.optim.RMSprop(model.parameters(), lr=0.01, momentum=0.5)
