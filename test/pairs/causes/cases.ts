import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeWarm, compareWarm, proven } from '../warm';

/** The parts of a program, each in the framework's own words. */
export interface Parts {
  readonly layers?: string;
  readonly loss?: string;
  readonly optimizer?: string;
  /** Lines before the model, and after it. */
  readonly before?: string;
  readonly after?: string;
  /** The model, where it is no sequence of layers. */
  readonly model?: string;
}

export interface Programs {
  /** The input without the batch, as Keras takes it: the arguments of `keras.Input`. */
  readonly input: string;
  readonly keras: Parts;
  readonly torch: Parts;
}

export interface Case extends Programs {
  readonly what: string;
  /** The only causes that are there. */
  readonly causes: readonly string[];
  /** Causes whose setting both sides have alike, so that nothing may be reported. */
  readonly absent?: readonly string[];
  /** Causes that are told without a proof. */
  readonly possible?: readonly string[];
  readonly steps?: number;
}

const sgd = {
  keras: 'keras.optimizers.SGD(0.05)',
  torch: 'torch.optim.SGD(model.parameters(), lr=0.05)',
};
const mse = { keras: 'keras.losses.MeanSquaredError()', torch: 'nn.MSELoss()' };

function kerasProgram({ input, keras }: Case): string {
  const { layers, before = '', after = '', loss = mse.keras, optimizer = sgd.keras } = keras;
  return `import keras
from keras import layers
${before}
model = ${keras.model ?? `keras.Sequential([keras.Input(${input}), ${layers}])`}
optimizer = ${optimizer}
loss = ${loss}
${after}
`;
}

function torchProgram({ torch }: Case): string {
  const { layers, before = '', after = '', loss = mse.torch, optimizer = sgd.torch } = torch;
  return `import torch
from torch import nn
from torch.nn import functional as F
${before}
model = ${torch.model ?? `nn.Sequential(${layers})`}
optimizer = ${optimizer}
loss = ${loss}
${after}
`;
}

export const dense = (keras: string, torch: string): Programs => ({
  input: '(6,)',
  keras: { layers: `layers.Dense(8), ${keras} layers.Dense(3)` },
  torch: { layers: `nn.Linear(6, 8), ${torch} nn.Linear(8, 3)` },
});

export const optimizers = (keras: string, torch: string, after = ''): Programs => ({
  input: '(6,)',
  keras: {
    layers: 'layers.Dense(8, activation="tanh"), layers.Dense(3)',
    optimizer: `keras.optimizers.${keras}`,
  },
  torch: {
    layers: 'nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 3)',
    optimizer: `torch.optim.${torch.replace('(', '(model.parameters(), ')}`,
    after,
  },
});

export const losses = (keras: Parts, torch: Parts): Programs => ({
  input: '(6,)',
  keras: { layers: 'layers.Dense(4)', ...keras },
  torch: { layers: 'nn.Linear(6, 4)', ...torch },
});

export const images = (keras: string, torch: string, size = 8): Programs => ({
  input: `(${size}, ${size}, 3)`,
  keras: { layers: `${keras}, layers.GlobalAveragePooling2D(), layers.Dense(2)` },
  torch: { layers: `${torch}, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2)` },
});

/** A PyTorch program that clips what stands between `backward()` and `step()`. */
export const clipped = (keras: string, call: string): Programs =>
  optimizers(keras, 'SGD(lr=0.01)', `def clip(model):\n    ${call}`);

/** Twelve samples for both sides, drawn alike; targets of the shape given. */
export const data = (targets: string, inputs = '(12, 6)'): string => `
import numpy as np
rng = np.random.default_rng(0)
inputs = rng.normal(size=${inputs}).astype("float32")
targets = rng.normal(size=${targets}).astype("float32")
`;

/** A module of one's own; `forward` are the lines of a function of `self` and `x`. */
export const net = (init: string, forward: string): Parts => ({
  before: `
class Net(nn.Module):
    def __init__(self):
        super().__init__()
${indented(init)}

    def forward(self, x):
${indented(forward)}
`,
  model: 'Net()',
});

const indented = (lines: string): string =>
  lines
    .trim()
    .split('\n')
    .map((line) => `        ${line}`)
    .join('\n');

/** Each case with Keras on the left, and where something differs with PyTorch on the left. */
export function runCases(cases: readonly Case[]): void {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-causes-'));
  afterAll(() => {
    closeWarm();
    rmSync(folder, { recursive: true, force: true });
  });
  const programs = (entry: Case): [string, string] => {
    const name = entry.what.replace(/\W+/g, '-');
    const keras = join(folder, `${name}_keras.py`);
    const torch = join(folder, `${name}_torch.py`);
    writeFileSync(keras, kerasProgram(entry));
    writeFileSync(torch, torchProgram(entry));
    return [keras, torch];
  };
  const rows = cases.flatMap((entry): [string, Case, boolean][] =>
    entry.causes.length > 0
      ? [
          [entry.what, entry, false],
          [`${entry.what}, sides swapped`, entry, true],
        ]
      : [[entry.what, entry, false]],
  );
  test.each(rows)('%s', async (_, entry, swapped) => {
    const [keras, torch] = programs(entry);
    const [left, right] = swapped ? [torch, keras] : [keras, torch];
    const found = await compareWarm(left, right, { steps: entry.steps ?? 3 });
    expect(proven(found)).toEqual([...entry.causes].sort());
    expect(found.remaining).toEqual([]);
    const told = found.causes.filter((cause) => !cause.proven).map(({ name }) => name);
    expect(told).toEqual(entry.possible ?? []);
  });
}
