import { setImmediate } from 'node:timers/promises';
import * as torch from 'tandem-torch';
import type { ImageDataset, ImageSet } from '../data/image-set';
import { CNNModel, criterion } from '../models/pytorch';
import type { FitOptions, History } from './history';
import { HistoryRecorder } from './history-recorder';
import type { Recipe } from './recipe';
import { checkRecipe } from './recipe-check';
import { splits } from './splits';

const { DataLoader, TensorDataset } = torch.utils.data;
const { Compose, Normalize, Resize, ToTensor } = torch.transforms;

type Batches = Iterable<torch.Tensor[]>;

/** An image set as PyTorch reads it: images float32 `[N, 1, S, S]`, labels int64 `[N]`. */
export function toTensors(
  set: ImageSet,
  recipe: Recipe,
  device: torch.Device = 'cpu',
): torch.utils.data.TensorDataset {
  const { imageSize, normalization } = recipe;
  return torch.tidy(() => {
    const transform = new Compose([
      ...(set.height !== imageSize ? [new Resize([imageSize, imageSize])] : []),
      new ToTensor(),
      ...(normalization === 'unit'
        ? []
        : [new Normalize([normalization.mean], [normalization.std])]),
    ]);
    const bytes = torch.tensor(set.images, { shape: [set.count, set.height, set.width] });
    const images = torch.keep(transform.call(bytes).to(device));
    const labels = torch.keep(torch.tensor(set.labels).long().to(device));
    return new TensorDataset(images, labels);
  });
}

/** Loss and accuracy over all batches, weighted by their sizes. */
async function evaluate(
  model: CNNModel,
  batches: Batches,
  recipe: Recipe,
  signal?: AbortSignal,
): Promise<{ loss: number; accuracy: number }> {
  const lossOf = criterion(recipe);
  let [loss, correct, count] = [0, 0, 0];
  model.eval();
  for (const [images, labels] of batches as Iterable<[torch.Tensor, torch.Tensor]>) {
    signal?.throwIfAborted();
    torch.tidy(() =>
      torch.noGrad(() => {
        const output = model.call(images);
        const size = images.size(0);
        loss += lossOf(output, labels).item() * size;
        correct += output.argmax(1).eq(labels).sum().item();
        count += size;
      }),
    );
    await setImmediate();
  }
  model.train();
  return { loss: loss / count, accuracy: correct / count };
}

/**
 * Trains the article's model in PyTorch by a recipe. The same seed gives the losses of the same
 * loop in Python to the last bit. The model and the images are on the device, the CPU by default. Rejects with the signal's reason when aborted, and with UserError
 * for a recipe out of bounds or a loss that is no longer a number.
 */
export async function fitPyTorch(
  recipe: Recipe,
  dataset: ImageDataset,
  options: FitOptions & { device?: torch.Device } = {},
): Promise<{ model: CNNModel; history: History }> {
  checkRecipe(recipe, dataset);
  const { seed = 0, signal, device = 'cpu' } = options;
  const { training, validation, test } = splits(recipe, dataset);
  torch.manualSeed(seed);
  const model = new CNNModel(recipe).to(device);
  const optimizer = new torch.optim.SGD(model.parameters(), { lr: recipe.learningRate });
  const lossOf = criterion(recipe);

  const loader = new DataLoader(toTensors(training, recipe, device), {
    batchSize: recipe.batchSize,
    shuffle: recipe.shuffle,
  });
  const testLoader = new DataLoader(toTensors(test, recipe, device), { batchSize: 512 });
  const validationLoader =
    validation === test
      ? testLoader
      : new DataLoader(toTensors(validation, recipe, device), { batchSize: 512 });

  const recorder = new HistoryRecorder(
    { framework: 'pytorch', recipe, dataset, seed, stepsPerEpoch: loader.length },
    options.onProgress,
  );
  for (let epoch = 0; epoch < recipe.epochs; epoch++) {
    for (const [images, labels] of loader as Iterable<[torch.Tensor, torch.Tensor]>) {
      signal?.throwIfAborted();
      const batch = torch.tidy(() => {
        optimizer.zeroGrad();
        const output = model.call(images);
        const loss = lossOf(output, labels);
        loss.backward();
        optimizer.step();
        const correct = output.argmax(1).eq(labels).sum().item();
        return { loss: loss.item(), correct, size: images.size(0) };
      });
      recorder.batch(batch);
      await setImmediate();
    }
    recorder.epoch(await evaluate(model, validationLoader, recipe, signal));
  }
  return { model, history: recorder.end(await evaluate(model, testLoader, recipe, signal)) };
}

/** The class that a trained model gives to each image, `[N]`. */
export function predictPyTorch(model: CNNModel, set: ImageSet, recipe: Recipe): number[] {
  return torch.tidy(() =>
    torch.noGrad(() => {
      const [images] = toTensors(set, recipe).tensors;
      return images!
        .split(512)
        .flatMap((batch) => model.call(batch).argmax(1).toArray() as number[]);
    }),
  );
}
