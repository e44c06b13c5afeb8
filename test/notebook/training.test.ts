import { setTimeout as sleep } from 'node:timers/promises';
import { train } from '../../src/notebook';
import type { FitOptions, Progress } from '../../src/training/history';
import { runOf } from '../plots/histories';
import { inKernel } from './kernel';

const plotly = 'application/vnd.plotly.v1+json';
const whole = runOf('pytorch', 3, 20);

/** A fit of three epochs of twenty steps that takes a moment for each. */
async function madeUpFit({ onProgress, signal }: FitOptions, milliseconds = 0): Promise<string> {
  const history = {
    ...whole,
    loss: [],
    valLoss: [],
    valAccuracy: [],
    batchLoss: [],
  } as typeof whole;
  const tell = (epoch: number, step: number, epochEnd: boolean) =>
    onProgress?.({
      epoch,
      epochs: 3,
      step,
      stepsPerEpoch: 20,
      loss: history.batchLoss.at(-1),
      history,
      epochEnd,
    } as Progress);
  for (let epoch = 1; epoch <= 3; epoch++) {
    for (let step = 1; step <= 20; step++) {
      signal?.throwIfAborted();
      history.batchLoss.push(whole.batchLoss[history.batchLoss.length]!);
      tell(epoch, step, false);
      await sleep(milliseconds);
    }
    history.loss.push(whole.loss[epoch - 1]!);
    history.valLoss.push(whole.valLoss[epoch - 1]!);
    history.valAccuracy.push(whole.valAccuracy[epoch - 1]!);
    tell(epoch, 20, true);
  }
  return 'a model';
}

test('in a live session one place shows bar, facts and a growing curve, and at last the figure', async () => {
  let result: unknown;
  const shown = await inKernel(async () => {
    result = await train((options) => madeUpFit(options, 15));
  });
  expect(result).toBe('a model');
  expect(new Set(shown.map(({ id }) => id)).size).toBe(1);
  expect(shown.map(({ update }) => update)).toEqual(shown.map((_, i) => i > 0));

  const live = shown.slice(1, -1).map(({ data }) => data as { 'text/html': string });
  expect(live.length).toBeGreaterThan(1);
  for (const { 'text/html': html } of live) {
    expect(html).toMatch(/<progress value="\d+" max="60"/);
    expect(html).toMatch(
      /epoch [1-3]\/3.*step \d+\/20.*[\d.]+ steps\/s.*loss \d\.\d{4}.*\d:\d\d left/,
    );
  }
  const lengthOfCurve = (html: string) =>
    Math.max(...[...html.matchAll(/<path d="M([^"]*)"/g)].map(([, path]) => path!.length));
  expect(lengthOfCurve(live.at(-1)!['text/html'])).toBeGreaterThan(
    lengthOfCurve(live[0]!['text/html']),
  );

  const last = shown.at(-1)!.data;
  expect(last).toHaveProperty([plotly]);
  expect(last['text/html']).toBeUndefined();
  expect(last['text/plain']).toMatch(/^PyTorch: 3 epochs, 60 steps in \d+ s\./);
});

test('four updates a second are the most, at the ends of epochs too', async () => {
  const started = performance.now();
  const shown = await inKernel(() => train((options) => madeUpFit(options, 10)));
  const updates = shown.length - 2;
  expect(updates).toBeLessThanOrEqual((performance.now() - started) / 250 + 1);
});

test('headless, the final picture is shown once, with a drawing and words', async () => {
  const shown = await inKernel(() => train((options) => madeUpFit(options)), { headless: true });
  expect(shown).toHaveLength(1);
  expect(shown[0]!.data).toMatchObject({
    [plotly]: expect.anything(),
    'image/svg+xml': expect.stringMatching(/^<svg /),
    'text/plain': expect.stringContaining('Validation accuracy 60.00 % at the end'),
  });
  // Nothing in it tells how long it took: a second run leaves the same.
  const again = await inKernel(() => train((options) => madeUpFit(options, 1)), { headless: true });
  expect(again[0]!.data).toEqual(shown[0]!.data);
});

test('a fit that fails leaves its curve so far in place of the bar, and its error', async () => {
  let error: unknown;
  const shown = await inKernel(() =>
    train(async ({ onProgress }) =>
      madeUpFit({
        onProgress: (progress) => {
          onProgress?.(progress);
          if (progress.epoch === 2) throw new RangeError('the rate is too high');
        },
      }),
    ).catch((reason) => {
      error = reason;
    }),
  );
  expect(error).toEqual(new RangeError('the rate is too high'));
  expect(shown.at(-1)!.data['text/html']).toBeUndefined();
  expect(shown.at(-1)!.data['text/plain']).toMatch(
    /^PyTorch: stopped in epoch 2 of 3, at step 1 in \d+ s\./,
  );
});

test('a fit that fails at once leaves no bar', async () => {
  const shown = await inKernel(() =>
    train(() => Promise.reject(new Error('no data'))).catch(() => {}),
  );
  expect(shown.at(-1)!.data).toEqual({ 'text/plain': 'no step was taken' });
});

test('interrupting the cell stops the fit', async () => {
  const interrupt = new AbortController();
  let error: unknown;
  const shown = await inKernel(
    () => {
      setTimeout(() => interrupt.abort(new Error('interrupted')), 30);
      return train((options) => madeUpFit(options, 10)).catch((reason) => {
        error = reason;
      });
    },
    { signal: interrupt.signal },
  );
  expect(error).toEqual(new Error('interrupted'));
  expect(shown.at(-1)!.data['text/plain']).toContain('stopped in epoch 1 of 3');
});

test('a plain script prints what the run came to', async () => {
  const print = jest.spyOn(console, 'log').mockImplementation(() => {});
  await train((options) => madeUpFit(options));
  expect(print.mock.calls).toEqual([[expect.stringMatching(/^PyTorch: 3 epochs, 60 steps/)]]);
  print.mockRestore();
});
