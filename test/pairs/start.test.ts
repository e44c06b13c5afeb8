import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startText } from '../../src/pairs/text';
import { closeWarm, compareWarm } from './warm';

const folder = mkdtempSync(join(tmpdir(), 'tandem-start-'));
afterAll(() => {
  closeWarm();
  rmSync(folder, { recursive: true, force: true });
});

test('initialisers are told by name', async () => {
  const keras = join(folder, 'keras.py');
  const torch = join(folder, 'torch.py');
  writeFileSync(
    keras,
    `import keras
from keras import layers
model = keras.Sequential([
    keras.Input((9,), dtype="int32"), layers.Embedding(40, 12), layers.LSTM(16), layers.Dense(30, "relu"),
    layers.Dense(20, kernel_initializer="he_uniform"), layers.Dense(60, kernel_initializer="lecun_normal"),
    layers.Dense(50, kernel_initializer=keras.initializers.RandomNormal(stddev=0.02)),
    layers.Dense(40, kernel_initializer="glorot_normal", bias_initializer="ones"),
])
`,
  );
  writeFileSync(
    torch,
    `import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.e = nn.Embedding(40, 12)
        self.r = nn.LSTM(12, 16, batch_first=True)
        self.a, self.b, self.c = nn.Linear(16, 30), nn.Linear(30, 20), nn.Linear(20, 60)
        self.f, self.g = nn.Linear(60, 50), nn.Linear(50, 40)
        nn.init.kaiming_normal_(self.b.weight, nonlinearity="relu")
        nn.init.xavier_uniform_(self.c.weight)
        nn.init.zeros_(self.c.bias)
        nn.init.orthogonal_(self.r.weight_hh_l0)
    def forward(self, x):
        x = torch.relu(self.a(self.r(self.e(x))[0][:, -1]))
        return self.g(self.f(self.c(self.b(x))))
model = Net()
`,
  );
  const found = await compareWarm(keras, torch);
  const drawn = found.start.map(({ role, left, right }) => [role, left.drawn, right.drawn]);
  const usual = 'uniform ±1/√n, PyTorch’s default';
  const cell = 'uniform ±1/√units, PyTorch’s default';
  expect(drawn).toEqual([
    ['table', 'uniform ±0.05', 'normal of deviation 1'],
    ['inputKernel', 'Glorot uniform', cell],
    ['recurrentKernel', 'orthogonal', 'orthogonal'],
    ['inputBias', 'zeros, and one for the forget gate', cell],
    ['kernel', 'Glorot uniform', usual],
    ['bias', 'zeros', usual],
    ['kernel', 'Kaiming uniform', 'Kaiming normal'],
    ['bias', 'zeros', usual],
    ['kernel', 'LeCun normal', 'Glorot uniform'],
    ['bias', 'zeros', 'zeros'],
    ['kernel', 'normal of deviation 0.02', usual],
    ['bias', 'zeros', usual],
    ['kernel', 'Glorot normal', usual],
    ['bias', 'ones', usual],
  ]);
  expect(startText(found)).toContain(`embedding table (uniform ±0.05; normal of deviation 1)`);
});
