import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWarm, compareWarm, proven } from './warm';

const folder = mkdtempSync(join(tmpdir(), 'tandem-data-'));
afterAll(() => {
  closeWarm();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, source: string): string => {
  writeFileSync(join(folder, name), source);
  return join(folder, name);
};

const keras = (
  data: string,
  loss = 'MeanSquaredError()',
  layer = 'layers.Dense(3)',
) => `import keras
import numpy as np
from keras import layers
model = keras.Sequential([keras.Input((6,)), ${layer}])
optimizer = keras.optimizers.SGD(0.05)
loss = keras.losses.${loss}
rng = np.random.default_rng(1)
${data}
`;
const torch = (data: string, loss = 'nn.MSELoss()', layer = 'nn.Linear(6, 3)') => `import torch
from torch import nn
model = nn.Sequential(${layer})
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
loss = ${loss}
torch.manual_seed(2)
${data}
`;

const random = { keras: 'inputs = rng.normal(size=(8, 6))', torch: 'inputs = torch.rand(8, 6)' };
const values = {
  keras: `${random.keras}\ntargets = rng.normal(size=(8, 3)).astype("float32")`,
  torch: `${random.torch}\ntargets = torch.rand(8, 3)`,
};

/** The notes on data of both orders of two programs, which are otherwise the same. */
async function compared(left: string, right: string): Promise<string[]> {
  const [a, b] = [write('keras.py', left), write('torch.py', right)];
  const both = [await compareWarm(a, b, { steps: 3 }), await compareWarm(b, a, { steps: 3 })];
  for (const found of both) expect(found.text).toMatch(/^Equal: /);
  return both.map(({ notes }) => notes.filter((note) => note.includes('bind')).join(' '));
}

test('different inputs and targets: one side’s are used for both, and how far they were apart is told', async () => {
  const notes = await compared(keras(values.keras), torch(values.torch));
  for (const [i, name] of ['keras.py', 'torch.py'].entries()) {
    expect(notes[i]).toMatch(/different inputs, by up to \d+ % of the largest: \[8, 6\] with mean/);
    expect(notes[i]).toMatch(/different targets, by up to \d+ %/);
    expect(notes[i]).toContain(`${name}’s are used for both`);
  }
});

test('other numbers of samples, and targets of one side only', async () => {
  const notes = await compared(
    keras('inputs = rng.normal(size=(5, 6)).astype("float32")'),
    torch(values.torch),
  );
  for (const note of notes) {
    expect(note).toMatch(/different inputs, \[8, 6\] with .*, and \[5, 6\]/);
    expect(note).toContain('torch.py’s are used for both');
  }
});

test('labels as one-hot and as indices', async () => {
  const labels = (one: string, other: string) => [
    keras(
      `${random.keras}\ntargets = np.eye(3, dtype="float32")[${one}]`,
      'CategoricalCrossentropy(from_logits=True)',
    ),
    torch(`${random.torch}\ntargets = torch.tensor(${other})`, 'nn.CrossEntropyLoss()'),
  ];
  const alike = '[0, 1, 2, 0, 1, 2, 0, 1]';
  const [a, b] = labels(alike, alike);
  for (const note of await compared(a!, b!)) expect(note).not.toContain('targets');
  const [c, d] = labels(alike, '[1, 1, 2, 0, 1, 2, 0, 1]');
  for (const note of await compared(c!, d!)) expect(note).toContain('different targets');
});

test('the same data is no news', async () => {
  const data = 'import numpy as np\ninputs = np.arange(48.0).reshape(8, 6) / 48';
  expect(await compared(keras(data), torch(data))).toEqual(['', '']);
});

test.each([
  [
    torch(values.torch, 'lambda output, target: (output - target.view(7, 3)).square().mean()'),
    /torch\.py:5: RuntimeError: shape '\[7, 3\]' is invalid/,
  ],
  [
    torch(values.torch, 'nn.BCELoss()'),
    /torch\.py:5: RuntimeError: all elements of (input|target)/,
  ],
  [
    torch(
      `${values.torch}\ndef clip(model):\n    if model[0].weight.grad is not None:\n        raise ValueError("no more")`,
    ),
    /torch\.py:11: ValueError: no more/,
  ],
])(
  'a step that fails is told with its line, and the outputs are compared: %#',
  async (source, line) => {
    const left = write(
      'keras.py',
      keras(
        values.keras,
        'MeanSquaredError()',
        'layers.Dense(3), layers.ELU(0.5), layers.Dense(3)',
      ),
    );
    const right = write(
      'torch.py',
      source.replace('nn.Linear(6, 3)', 'nn.Linear(6, 3), nn.ELU(), nn.Linear(3, 3)'),
    );
    for (const [a, b, which] of [
      [left, right, 'right'],
      [right, left, 'left'],
    ] as const) {
      const found = await compareWarm(a, b, { steps: 3 });
      const [failure, ...more] = found.stepFailures!;
      expect(more).toEqual([]);
      expect(failure).toMatch(new RegExp(`^the ${which} side: .*${line.source}`));
      expect(failure).not.toContain('\n');
      expect(found.losses).toBeUndefined();
      expect(found.forward.length).toBeGreaterThan(1);
      expect(proven(found)).toEqual(['elu-alpha']);
      expect(found.text).toMatch(
        /^Different: a step fails on the .* Proven of the outputs: elu-alpha\.$/,
      );
    }
  },
);
