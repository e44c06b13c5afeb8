/**
 * The TypeScript side of the bench: `node workloads.js NAME` does one workload and prints the
 * seconds that its timed part took, and a digest of what it computed where Python's must be the same. Each
 * has a counterpart of the same name in src/bench/workloads.py.
 */

import * as torch from 'tandem-torch';
import { loadMnist, slice } from '../data';
import { CNNModel, criterion } from '../models/pytorch';
import { buildModel, logitsOf } from '../models/tensorflow';
import { GradientDescent } from '../tensorflow';
import { pytorchRecipe, type Recipe, tensorflowRecipe } from '../training/recipe';
import { toArrays, trainStep } from '../training/tensorflow';
import { digestOf, type Outcome, timed } from './outcome';
import { smallWorkloads } from './small-workloads';

/** A million additions of one-element tensors: what a call costs, its garbage included. */
function adds(): Outcome {
  const one = torch.ones(1);
  const run = () => {
    for (let i = 0; i < 1_000_000; i++) torch.add(one, one);
  };
  run();
  return timed(run);
}

/** 20,000 times eight slices of a matrix, with indices as text. */
function indexing(): Outcome {
  const x = torch.ones(3, 4);
  const run = () => {
    for (let i = 0; i < 20_000; i++) {
      x.index('0');
      x.index('0, 1:');
      x.index(':, 1');
      x.index('..., 0');
      x.index('None');
      x.index('1:3');
      x.index('::2, 1:3');
      x.index('-1, -1');
    }
  };
  run();
  return timed(run);
}

/** Ten tensors from nested arrays of a million numbers. */
function nestedArrays(): Outcome {
  const rows = Array.from({ length: 1000 }, (_, i) =>
    Array.from({ length: 1000 }, (_, j) => i + j / 1000),
  );
  const run = () => {
    for (let i = 0; i < 10; i++) torch.tensor(rows).dispose();
  };
  run();
  return timed(run);
}

/** Training steps of the article's model in PyTorch, after two that warm up. */
function torchSteps(recipe: Recipe, steps: number): Outcome {
  torch.manualSeed(0);
  const model = new CNNModel(recipe);
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: recipe.learningRate });
  const lossOf = criterion(recipe);
  const size = recipe.imageSize;
  const x = torch.randn(recipe.batchSize, 1, size, size);
  const y = torch.randint(10, [recipe.batchSize]);
  const step = () =>
    torch.tidy(() => {
      optimizer.zeroGrad();
      const loss = lossOf(model.call(x), y);
      loss.backward();
      optimizer.step();
      return loss.item();
    });
  const run = (count: number) => {
    for (let i = 0; i < count; i++) step();
  };
  run(2);
  const times = timed(() => run(steps));
  return { ...times, digest: digestOf(...model.parameters()) };
}

/** All 60,000 images in batches of 512, resized, scaled and normalised batch by batch. */
async function transforms(): Promise<Outcome> {
  const { train } = await loadMnist();
  const { Compose, Normalize, Resize, ToTensor } = torch.transforms;
  const { DataLoader, TensorDataset } = torch.utils.data;
  const dataset = new TensorDataset(
    torch.tensor(train.images, { shape: [train.count, train.height, train.width] }),
    torch.tensor(train.labels).long(),
  );
  const transform = new Compose([
    new Resize([8, 8]),
    new ToTensor(),
    new Normalize([0.1307], [0.3081]),
  ]);
  const times = timed(() => {
    let count = 0;
    for (const [images] of new DataLoader(dataset, { batchSize: 512 })) {
      count += torch.tidy(() => transform.call(images).size(0));
    }
    if (count !== train.count) throw new Error(`${count} images came out`);
  });
  return times;
}

/** Training steps of the article's model in TensorFlow, after two that warm up. */
async function tensorflowSteps(): Promise<Outcome> {
  const { train } = await loadMnist();
  const { images, labels } = toArrays(
    slice(train, 0, tensorflowRecipe.batchSize),
    tensorflowRecipe,
  );
  const forward = logitsOf(buildModel(tensorflowRecipe, 0));
  const optimizer = new GradientDescent(tensorflowRecipe.learningRate);
  const run = (count: number) => {
    for (let i = 0; i < count; i++) trainStep(forward, optimizer, images, labels);
  };
  run(2);
  return timed(() => run(40));
}

const workloads: Readonly<Record<string, () => Outcome | Promise<Outcome>>> = {
  adds,
  indexing,
  'nested-arrays': nestedArrays,
  ...smallWorkloads,
  'article-step': () => torchSteps(pytorchRecipe, 60),
  'model-28': () =>
    torchSteps({ ...tensorflowRecipe, initialization: 'kaiming', lossForm: 'log-softmax' }, 30),
  transforms,
  'tensorflow-step': tensorflowSteps,
};

/** Names of all workloads. */
export const workloadNames = Object.keys(workloads);

if (require.main === module) {
  void Promise.resolve(workloads[process.argv[2]!]!()).then((outcome) =>
    console.log(JSON.stringify(outcome)),
  );
}
