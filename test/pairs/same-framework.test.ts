import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWarm, compareWarm, proven } from './warm';

const folder = mkdtempSync(join(tmpdir(), 'tandem-same-'));
afterAll(() => {
  closeWarm();
  rmSync(folder, { recursive: true, force: true });
});

interface Parts {
  layers: string;
  optimizer?: string;
  loss?: string;
}

const torch = ({
  layers,
  optimizer = 'SGD(W, lr=0.05)',
  loss = 'nn.MSELoss()',
}: Parts) => `import torch
from torch import nn
model = nn.Sequential(${layers})
optimizer = torch.optim.${optimizer.replace('W', 'model.parameters()')}
loss = ${loss}
`;
const keras = ({
  layers,
  optimizer = 'SGD(0.05)',
  loss = 'MeanSquaredError()',
}: Parts) => `import keras
from keras import layers, regularizers
model = keras.Sequential([${layers}])
optimizer = keras.optimizers.${optimizer}
loss = keras.losses.${loss}
`;
const script = ({ layers, optimizer = 'SGD(W, { lr: 0.05 })', loss = 'nn.MSELoss()' }: Parts) =>
  `import * as torch from 'tandem/torch';
const { nn } = torch;
export const model = new nn.Sequential(${layers});
export const optimizer = new torch.optim.${optimizer.replace('W', 'model.parameters()')};
export const loss = new ${loss};
`;

const sequence = (tail: string) => ({ layers: `nn.Linear(6, 8), ${tail}, nn.Linear(8, 3)` });
const given = 'keras.Input((6,)), layers.Dense(8)';
const images = 'keras.Input((8, 8, 3))';

/** One file in two versions: what was changed is the cause, whichever of the two comes first. */
const versions: [what: string, old: string, now: string, causes: string[]][] = [
  ['PyTorch, nothing', torch(sequence('nn.ReLU()')), torch(sequence('nn.ReLU()')), []],
  [
    'PyTorch, an epsilon',
    torch(sequence('nn.LayerNorm(8)')),
    torch(sequence('nn.LayerNorm(8, eps=1e-3)')),
    ['layer-norm-epsilon'],
  ],
  [
    'PyTorch, batch norm’s momentum',
    torch(sequence('nn.BatchNorm1d(8)')),
    torch(sequence('nn.BatchNorm1d(8, momentum=0.3)')),
    ['batch-norm-momentum'],
  ],
  [
    'PyTorch, an activation',
    torch(sequence('nn.GELU()')),
    torch(sequence('nn.GELU("tanh")')),
    ['gelu-approximation'],
  ],
  [
    'PyTorch, Adam',
    torch({ ...sequence('nn.Tanh()'), optimizer: 'Adam(W, lr=0.01)' }),
    torch({ ...sequence('nn.Tanh()'), optimizer: 'Adam(W, lr=0.01, betas=(0.9, 0.99))' }),
    ['adam-betas'],
  ],
  [
    'PyTorch, weight decay',
    torch(sequence('nn.Tanh()')),
    torch({ ...sequence('nn.Tanh()'), optimizer: 'SGD(W, lr=0.05, weight_decay=0.1)' }),
    ['weight-decay'],
  ],
  [
    'PyTorch, the loss',
    torch(sequence('nn.Tanh()')),
    torch({ ...sequence('nn.Tanh()'), loss: 'nn.MSELoss(reduction="sum")' }),
    ['loss-reduction'],
  ],
  [
    'Keras, nothing',
    keras({ layers: `${given}, layers.ReLU(), layers.Dense(3)` }),
    keras({ layers: `${given}, layers.ReLU(), layers.Dense(3)` }),
    [],
  ],
  [
    'Keras, an epsilon and a momentum',
    keras({ layers: `${given}, layers.BatchNormalization(), layers.Dense(3)` }),
    keras({
      layers: `${given}, layers.BatchNormalization(epsilon=1e-5, momentum=0.9), layers.Dense(3)`,
    }),
    ['batch-norm-epsilon', 'batch-norm-momentum'],
  ],
  [
    'Keras, an activation’s slope',
    keras({ layers: `${given}, layers.LeakyReLU(), layers.Dense(3)` }),
    keras({ layers: `${given}, layers.LeakyReLU(negative_slope=0.01), layers.Dense(3)` }),
    ['leaky-relu-slope'],
  ],
  [
    'Keras, an activation inside a layer',
    keras({ layers: 'keras.Input((6,)), layers.Dense(8, activation="tanh"), layers.Dense(3)' }),
    keras({ layers: 'keras.Input((6,)), layers.Dense(8, activation="relu"), layers.Dense(3)' }),
    ['activation-function'],
  ],
  [
    'Keras, padding',
    keras({
      layers: `${images}, layers.Conv2D(4, 3), layers.GlobalAveragePooling2D(), layers.Dense(3)`,
    }),
    keras({
      layers: `${images}, layers.Conv2D(4, 3, padding="same"), layers.GlobalAveragePooling2D(), layers.Dense(3)`,
    }),
    ['padding-same'],
  ],
  [
    'Keras, a regulariser',
    keras({ layers: `${given}, layers.Dense(3)` }),
    keras({ layers: `${given}, layers.Dense(3, kernel_regularizer=regularizers.L2(0.1))` }),
    ['l2-and-weight-decay'],
  ],
  [
    'Keras, RMSprop',
    keras({ layers: `${given}, layers.Dense(3)`, optimizer: 'RMSprop(0.01)' }),
    keras({ layers: `${given}, layers.Dense(3)`, optimizer: 'RMSprop(0.01, rho=0.99)' }),
    ['rmsprop-decay'],
  ],
  [
    'Keras, another optimizer',
    keras({ layers: `${given}, layers.Dense(3)`, optimizer: 'Adam(0.01)' }),
    keras({ layers: `${given}, layers.Dense(3)`, optimizer: 'SGD(0.01)' }),
    ['optimizer'],
  ],
  [
    'Keras, the loss',
    keras({ layers: `${given}, layers.Dense(3)`, loss: 'Huber()' }),
    keras({ layers: `${given}, layers.Dense(3)`, loss: 'Huber(delta=0.5)' }),
    ['huber-delta'],
  ],
];

function write(name: string, source: string): string {
  const path = join(folder, name.replace(/[^\w.]+/g, '-'));
  writeFileSync(path, source);
  return path;
}

test.each(versions)('%s: what was changed, either way', async (what, old, now, causes) => {
  const [left, right] = [write(`${what} old.py`, old), write(`${what} now.py`, now)];
  for (const [a, b] of [
    [left, right],
    [right, left],
  ]) {
    const found = await compareWarm(a!, b!, { steps: 3 });
    expect(proven(found)).toEqual(causes);
    expect(found.remaining).toEqual([]);
  }
});

test('PyTorch from Python and from TypeScript: equal, to the last bit in every layer', async () => {
  const python = write('torch.py', torch(sequence('nn.BatchNorm1d(8), nn.GELU()')));
  const own = write(
    'torch.ts',
    script({
      layers: 'new nn.Linear(6, 8), new nn.BatchNorm1d(8), new nn.GELU(), new nn.Linear(8, 3)',
    }),
  );
  const found = await compareWarm(python, own, { steps: 3 });
  expect(found.verdict).toBe('equal');
  expect(found.forward.every(({ relative, training }) => relative === 0 && training === 0)).toBe(
    true,
  );
  expect(found.notes.join()).toContain('to the last bit');
});

test('PyTorch from Python and from TypeScript: what was written otherwise', async () => {
  const python = write('torch2.py', torch(sequence('nn.LeakyReLU()')));
  const own = write(
    'torch2.ts',
    script({
      layers: 'new nn.Linear(6, 8), new nn.LeakyReLU(0.2), new nn.Linear(8, 3)',
      optimizer: 'SGD(W, { lr: 0.05, momentum: 0.9 })',
    }),
  );
  expect(proven(await compareWarm(own, python, { steps: 3 }))).toEqual([
    'leaky-relu-slope',
    'sgd-momentum',
  ]);
});
