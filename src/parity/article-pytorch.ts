import type { Device } from 'tandem-torch';
import { loadMnist } from '../data';
import { fitPyTorch } from '../training/pytorch';
import { pytorchRecipe } from '../training/recipe';
import { runPython, torchPython } from './python';
import type { Suite } from './suite';

const epochs = 2;

const round = (seconds: number) => Math.round(seconds * 100) / 100;

/** The article's PyTorch recipe in both languages: every batch loss, with and without shuffling. */
export const articlePytorch: Suite = async ({ seed, steps: asked, device, log }) => {
  const { batchSize } = pytorchRecipe;
  const trainImages = asked ? Math.ceil(asked / epochs) * batchSize : null;
  const dataset = await loadMnist();
  const results = [];
  for (const shuffle of [false, true]) {
    log(`PyTorch, ${epochs} epochs of MNIST${shuffle ? ', shuffled' : ''}: Python …`);
    const args = [
      `--seed=${seed}`,
      `--epochs=${epochs}`,
      ...(shuffle ? ['--shuffle'] : []),
      ...(trainImages ? [`--images=${trainImages}`] : []),
      ...(device ? [`--device=${device}`] : []),
    ];
    const python = await runPython<{ losses: number[]; seconds: number }>(
      'pytorch_article.py',
      args,
      {
        python: torchPython(),
      },
    );
    log('TypeScript …');
    const testImages = trainImages && Math.min(trainImages, dataset.test.count);
    const recipe = { ...pytorchRecipe, epochs, shuffle, trainImages, testImages };
    const place = (device ?? 'cpu') as Device;
    const { history } = await fitPyTorch(recipe, dataset, { seed, device: place });
    const steps = python.losses.length;
    const identical = history.batchLoss.filter((loss, i) =>
      Object.is(loss, python.losses[i]),
    ).length;
    results.push({
      suite: 'article-pytorch',
      ok: identical === steps && history.batchLoss.length === steps,
      shuffle,
      steps,
      identical,
      seconds: round(history.seconds.reduce((sum, each) => sum + each)),
      pythonSeconds: round(python.seconds),
    });
  }
  return results;
};
