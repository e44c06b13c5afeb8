import { UserError } from '../../src/command/errors';
import { loadMnist, slice } from '../../src/data';
import { tf } from '../../src/tensorflow';
import {
  confusionCounts,
  fitTensorFlow,
  type Progress,
  predictTensorFlow,
  pytorchRecipe,
  type Recipe,
  tensorflowRecipe,
  withProfile,
} from '../../src/training';
import { tiny } from './tiny';

/** Small enough for hundreds of steps a second. */
const recipe: Recipe = { ...pytorchRecipe, batchSize: 16, shuffle: true, epochs: 3 };
const dataset = tiny();

test('the article’s recipe learns from real MNIST, and its history is whole', async () => {
  const mnist = await loadMnist();
  const smoke = { ...withProfile(tensorflowRecipe, 'smoke'), epochs: 3 };
  const { model, history } = await fitTensorFlow(smoke, mnist, { seed: 0 });
  expect(history).toMatchObject({ framework: 'tensorflow', recipe: smoke, seed: 0 });
  expect(history.data).toEqual({ name: 'MNIST', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  for (const column of ['loss', 'accuracy', 'valLoss', 'valAccuracy', 'seconds'] as const) {
    expect(history[column]).toHaveLength(3);
  }
  // 70 % of 512 images in batches of 32, the last one smaller.
  expect(history.batchLoss).toHaveLength(3 * 12);
  expect(history.batchLoss[0]).toBeCloseTo(Math.log(10), 0);
  expect(history.loss[2]).toBeLessThan(history.loss[0]!);
  expect(history.valAccuracy[2]).toBeGreaterThan(0.4);

  const test = slice(mnist.test, 0, 256);
  const answers = predictTensorFlow(model, test, smoke);
  const right = confusionCounts(test.labels, answers, 10).reduce((sum, row, i) => sum + row[i]!, 0);
  expect(right / 256).toBeCloseTo(history.test!.accuracy, 10);
});

test('an epoch’s loss is the mean over its images, small last batch and all', async () => {
  const { history } = await fitTensorFlow(recipe, dataset);
  const [a, b, c, d] = history.batchLoss as [number, number, number, number];
  expect(history.batchLoss).toHaveLength(12);
  expect(history.loss[0]).toBeCloseTo((16 * (a + b + c) + 12 * d) / 60, 10);
});

test('the same seed gives the same history, another seed another', async () => {
  const losses = async (seed: number) =>
    (await fitTensorFlow(recipe, dataset, { seed })).history.batchLoss;
  const first = await losses(5);
  expect(await losses(5)).toEqual(first);
  expect(await losses(6)).not.toEqual(first);
});

test('progress tells of each batch and of each epoch’s end', async () => {
  const seen: Pick<Progress, 'epoch' | 'step' | 'epochEnd'>[] = [];
  const columns: number[] = [];
  const onProgress = (progress: Progress) => {
    const { epoch, step, epochEnd, epochs, stepsPerEpoch, history } = progress;
    expect([epochs, stepsPerEpoch]).toEqual([3, 4]);
    seen.push({ epoch, step, epochEnd });
    columns.push(history.valLoss.length);
  };
  await fitTensorFlow(recipe, dataset, { onProgress });
  const batches = [1, 2, 3, 4].map((step) => ({ step, epochEnd: false }));
  expect(seen).toEqual(
    [1, 2, 3].flatMap((epoch) =>
      [...batches, { step: 4, epochEnd: true }].map((event) => ({ epoch, ...event })),
    ),
  );
  expect(columns.slice(0, 6)).toEqual([0, 0, 0, 0, 1, 1]);
});

test('an abort stops between two batches with the signal’s reason', async () => {
  const stop = new AbortController();
  const reason = new Error('enough');
  let steps = 0;
  const onProgress = () => {
    if (++steps === 2) stop.abort(reason);
  };
  const fit = fitTensorFlow(recipe, dataset, { signal: stop.signal, onProgress });
  await expect(fit).rejects.toBe(reason);
  expect(steps).toBe(2);
});

test('an abort reaches the validation too', async () => {
  const stop = new AbortController();
  const large = tiny(3000);
  const onProgress = ({ step, stepsPerEpoch }: Progress) => {
    if (step === stepsPerEpoch) setImmediate(() => setImmediate(() => stop.abort()));
  };
  const events = jest.fn(onProgress);
  const fit = fitTensorFlow({ ...recipe, batchSize: 1500 }, large, {
    signal: stop.signal,
    onProgress: events,
  });
  await expect(fit).rejects.toThrow('This operation was aborted');
  expect(events).toHaveBeenCalledTimes(2);
});

test('other work continues while it trains', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await fitTensorFlow(recipe, dataset);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});

test('a loss that is not a number stops the run and names epoch, step and the fix', async () => {
  const wild = { ...recipe, learningRate: 1e30 };
  const error: UserError = await fitTensorFlow(wild, dataset).catch((caught) => caught);
  expect(error).toBeInstanceOf(UserError);
  expect(error.exitCode).toBe(1);
  expect(error.message).toMatch(
    /^The loss became (NaN|Infinity) in epoch 1, step \d: lower the learning rate, which is 1e\+30\.$/,
  );
});

test('memory stays flat over steps, and a run leaves its model alone', async () => {
  const before = tf.memory().numTensors;
  const counts: number[] = [];
  const onProgress = () => counts.push(tf.memory().numTensors);
  const { model } = await fitTensorFlow({ ...recipe, epochs: 20 }, dataset, { onProgress });
  expect(new Set(counts.slice(2)).size).toBe(1);
  expect(tf.memory().numTensors).toBe(before + model.weights.length);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('a run that fails leaves nothing', async () => {
  const before = tf.memory().numTensors;
  await expect(fitTensorFlow(recipe, dataset, { signal: AbortSignal.abort() })).rejects.toThrow();
  expect(tf.memory().numTensors).toBe(before);
});
