import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../src/files/paths';
import type { CompareOptions } from '../../src/pairs/compare';
import { comparePair } from '../../src/pairs/programs';
import { closeWarm, compareWarm, proven } from './warm';

const folder = mkdtempSync(join(tmpdir(), 'tandem-saved-'));
const at = (name: string) => join(folder, name);
afterAll(() => {
  closeWarm();
  rmSync(folder, { recursive: true, force: true });
});

const kerasProgram = `import keras
from keras import layers

model = keras.Sequential([
    keras.Input((10, 10, 3)), layers.Conv2D(4, 3, activation="relu"), layers.BatchNormalization(epsilon=1e-5),
    layers.Flatten(), layers.Dense(5),
])
`;
const torchProgram = `import torch
from torch import nn

model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(256, 5))
`;
const torchScript = `import { nn } from 'tandem/torch';

export const model = new nn.Sequential(
  new nn.Conv2d(3, 4, 3), new nn.ReLU(), new nn.BatchNorm2d(4), new nn.Flatten(), new nn.Linear(256, 5),
);
`;

/** Makes the files as their frameworks write them: two of the same trained weights, and others. */
beforeAll(() => {
  writeFileSync(at('keras_model.py'), kerasProgram);
  writeFileSync(at('torch_model.py'), torchProgram);
  writeFileSync(at('torch_model.ts'), torchScript);
  const save = `
import os, sys
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
sys.path.insert(0, ${JSON.stringify(folder)})
import numpy as np, torch
from safetensors.torch import save_file
from keras_model import model as k
from torch_model import model as t
rng = np.random.default_rng(0)
for v in k.variables:
    v.assign(rng.random(v.shape).astype("float32") + 0.5)
k.compile("adam", "mse")
k.save("model.keras"); k.save("model.h5"); k.save_weights("model.weights.h5")
with torch.no_grad():
    for name, p in [*t.named_parameters(), *t.named_buffers()]:
        p.copy_(torch.from_numpy(rng.random(tuple(p.shape)).astype("float32") + 0.5)) if p.ndim else None
torch.save(t.state_dict(), "other.pt")
conv, norm, dense = k.layers[0], k.layers[1], k.layers[3]
with torch.no_grad():
    t[0].weight.copy_(torch.from_numpy(conv.kernel.numpy().transpose(3, 2, 0, 1)))
    t[0].bias.copy_(torch.from_numpy(conv.bias.numpy()))
    for own, other in [(t[2].weight, norm.gamma), (t[2].bias, norm.beta), (t[2].running_mean, norm.moving_mean), (t[2].running_var, norm.moving_variance)]:
        own.copy_(torch.from_numpy(other.numpy()))
    t[4].weight.copy_(torch.from_numpy(dense.kernel.numpy().reshape(8, 8, 4, 5).transpose(3, 2, 0, 1).reshape(5, 256)))
    t[4].bias.copy_(torch.from_numpy(dense.bias.numpy()))
torch.save({"epoch": 3, "state_dict": {"module." + n: v for n, v in t.state_dict().items()}}, "same.pt")
save_file({n: v.contiguous() for n, v in t.state_dict().items()}, "same.safetensors")
torch.save(torch.nn.Linear(2, 2).state_dict(), "small.pt")
`;
  const made = spawnSync(inProject('.venv', 'bin', 'python'), ['-c', save], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(made.stderr);
  const tfjs = `
const tf = require('@tensorflow/tfjs-node');
const model = tf.sequential({ layers: [
  tf.layers.conv2d({ inputShape: [10, 10, 3], filters: 4, kernelSize: 3, activation: 'relu' }),
  tf.layers.batchNormalization({ epsilon: 1e-5 }), tf.layers.flatten(), tf.layers.dense({ units: 5 }),
] });
model.save('file://' + process.argv[1]);
`;
  const saved = spawnSync(process.execPath, ['-e', tfjs, at('tfjs')], {
    cwd: inProject(),
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: `-r ${inProject('dist/src/tensorflow/legacy-util.js')}` },
  });
  if (saved.status !== 0) throw new Error(saved.stderr);
});

const compare = (left: string, right: string, weights: CompareOptions['weights'] = {}) =>
  compareWarm(at(left), at(right), {
    weights: {
      ...(weights.left && { left: at(weights.left) }),
      ...(weights.right && { right: at(weights.right) }),
    },
  });

test.each([
  ['.keras', 'model.keras', 'torch_model.py', {}],
  ['.h5', 'model.h5', 'torch_model.py', {}],
  ['model.json of TensorFlow.js', 'tfjs/model.json', 'torch_model.py', {}],
  ['weights.h5 beside a program', 'keras_model.py', 'torch_model.py', { left: 'model.weights.h5' }],
  ['.pt beside a program', 'keras_model.py', 'torch_model.py', { right: 'other.pt' }],
  ['.pt beside a program in TypeScript', 'keras_model.py', 'torch_model.ts', { right: 'other.pt' }],
])('%s is loaded, and its weights go to the other side', async (_, left, right, weights) => {
  const found = await compare(left, right, weights);
  expect(found.text).toMatch(/^Equal/);
  expect(proven(found)).toEqual([]);
  expect(Math.max(...found.forward.map(({ relative }) => relative!))).toBeLessThan(1e-5);
});

test.each([
  ['same.pt', 'model.keras'],
  ['same.safetensors', 'model.h5'],
])('%s and %s hold the same weights', async (state, model) => {
  const found = await compare(model, 'torch_model.py', { right: state });
  expect(found.remaining).toEqual([]);
  expect(found.verdict).toBe('equal');
});

test('what two files hold differently is told', async () => {
  const found = await compare('model.keras', 'torch_model.py', { right: 'other.pt' });
  expect(found.verdict).toBe('different');
  expect(found.remaining.map(({ what }) => what)).toContain('saved weights: conv2d kernel');
});

test('weights that do not fit, or are none, are refused in one line', async () => {
  await expect(compare('keras_model.py', 'torch_model.py', { right: 'small.pt' })).rejects.toThrow(
    /small\.pt: it doesn't fit the model: .*\.$/,
  );
  await expect(
    compare('keras_model.py', 'torch_model.py', { right: 'keras_model.py' }),
  ).rejects.toThrow(/keras_model\.py: it can't be read as a state dict/);
  const [model, torch] = [at('model.keras'), at('torch_model.py')];
  const given = (weights: CompareOptions['weights']) => comparePair(model, torch, { weights });
  await expect(given({ right: at('nowhere.pt') })).rejects.toThrow('There is no file');
  await expect(given({ right: at('model.h5') })).rejects.toThrow('are a file .pt');
  await expect(given({ left: at('model.h5') })).rejects.toThrow('has its weights');
});
