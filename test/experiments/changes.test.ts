import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMnist } from '../../src/data';
import {
  answerOfChanges,
  cellsOfDesign,
  changesOf,
  changesTable,
  chooseRecord,
  designOf,
  explain,
  frameworkEffects,
  frameworkText,
  orderEffects,
  ordersText,
  orderText,
  RunStore,
  recipesOf,
  risesOf,
  risingLoss,
  risingText,
  roughSeconds,
  runChanges,
  sizeText,
} from '../../src/experiments';
import { profiles } from '../../src/training';
import { pytorchRecipe, tensorflowRecipe } from '../../src/training/recipe';
import { falls, frameworkGain, madeUpRecord } from './changes-record';

const record = madeUpRecord();
const [walk] = record.walks;
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

test.each(profiles)(
  'every way of the %s design leads from one article recipe to the other',
  (profile) => {
    for (const each of designOf(profile).walks) {
      const recipes = recipesOf(each);
      const [first, last] = [recipes[0]!, recipes.at(-1)!];
      const { imageSize, epochs, trainImages, testImages, learningRate } = first;
      const amount = { epochs, trainImages, testImages, learningRate, name: first.name };
      expect(first).toEqual({ ...tensorflowRecipe, ...amount, imageSize });
      expect(last).toEqual({ ...pytorchRecipe, ...amount });
      expect(recipes).toHaveLength(10);
    }
  },
);

test('the full design is the article’s own sizes, five seeds, within three hours on two cores', async () => {
  const dataset = await loadMnist();
  const design = designOf('full');
  const [main] = design.walks;
  expect(recipesOf(main!)[0]).toEqual({ ...tensorflowRecipe, name: main!.experiment.name });
  expect(main!.experiment.seeds).toHaveLength(5);
  expect(main!.experiment.frameworks).toEqual(['tensorflow', 'pytorch']);
  const seconds = cellsOfDesign(design, dataset).map((cell) => roughSeconds(cell, dataset));
  expect(sum(seconds) / 3600).toBeLessThan(3);
});

test('effects are differences of runs with the same seed', () => {
  const changes = changesOf(record, walk!, 'tensorflow', 'accuracy');
  expect(changes.map(({ factor }) => factor)).toEqual(walk!.order);
  changes.forEach(({ effect, before, after }, i) => {
    expect(effect.mean).toBeCloseTo(-falls[i]!, 10);
    expect(effect.high - effect.low).toBeCloseTo(0, 10);
    expect(after.mean - before.mean).toBeCloseTo(effect.mean, 10);
  });
  for (const { mean } of frameworkEffects(record, 'accuracy')) {
    expect(mean).toBeCloseTo(frameworkGain, 10);
  }
});

test('the parts add up to the gap, in accuracy and in loss', () => {
  for (const measure of ['accuracy', 'loss'] as const) {
    const { gap, changes, framework } = explain(record, measure);
    expect(sum(changes.map(({ part }) => part)) + framework).toBeCloseTo(gap.mean, 10);
  }
  const { gap, changes, framework } = explain(record, 'accuracy');
  expect(gap.mean).toBeCloseTo(frameworkGain - sum(falls), 10);
  expect(framework).toBeCloseTo(frameworkGain, 10);
  expect(changes[0]!.factor).toBe('batchSize');
});

test('in other orders the same choice stands at another place', () => {
  const batch = orderEffects(record, 'accuracy').find(({ factor }) => factor === 'batchSize')!;
  expect(batch.at.map(({ place }) => place)).toEqual([7, 4, 1]);
  for (const { effect } of batch.at) expect(effect.mean).toBeCloseTo(-0.08, 10);
});

test('the text follows the record', () => {
  expect(answerOfChanges(record)).toContain('**The recipe.**');
  expect(answerOfChanges(record)).toContain('gets 97.1 % of the test images right');
  expect(answerOfChanges(record)).toContain('the batch size (−8.00)');
  expect(answerOfChanges({ ...record, profile: 'quick' })).toContain(
    'At the small size of profile quick, TensorFlow',
  );
  expect(changesTable(record, 'accuracy')).toContain(
    '| batch size | 32 → 512 | −8.00 [−8.00, −8.00]',
  );
  expect(frameworkText(record)).toContain('+0.30 [+0.30, +0.30] points');
  expect(orderText(record)).toContain('In every order the largest is the batch size.');
  expect(ordersText(record).match(/^1\. /gm)).toHaveLength(3);
  expect(sizeText(record)).toBe(
    'all training images from 28 × 28 pixels, all test images, 5 epochs, learning rate 0.01, 3 seeds',
  );

  // PyTorch gets worse by a half, whatever the recipe: now it is the framework.
  const other = {
    ...record,
    runs: record.runs.map((run) =>
      run.framework === 'pytorch'
        ? { ...run, test: { ...run.test, accuracy: run.test.accuracy - 0.5 } }
        : run,
    ),
  };
  expect(answerOfChanges(other)).toContain('**The framework.**');
  expect(frameworkText(other)).toContain('−49.70');
  const equal = {
    ...record,
    runs: record.runs.map((run) => ({ ...run, test: record.runs[0]!.test })),
  };
  expect(answerOfChanges(equal)).toContain('is not significant');
  expect(changesTable(equal, 'loss')).toMatch(/\| – \|\n/);
});

test('a rising validation loss is counted over seeds and epochs', () => {
  expect(risingLoss([[3, 2, 1]])).toBeUndefined();
  expect(
    risingLoss([
      [4, 3, 2, 1, 3],
      [4, 3, 2, 1.5, 1],
    ]),
  ).toMatchObject({
    runs: 2,
    rising: 1,
    epochs: 5,
    lowest: [4, 5],
  });
  const { article, long } = risesOf(record);
  expect(article).toMatchObject({ runs: 6, rising: 0 });
  expect(long).toMatchObject({ runs: 3, rising: 2, lowest: [4, 4, 4] });
  expect(risingText(record)).toContain('In **0 of 6 runs**');
  expect(risingText(record)).toContain('in **2 of 3 runs**');
  const risen = {
    ...record,
    runs: record.runs.map((run) => ({ ...run, valLoss: [0.4, 0.3, 0.2, 0.3, 0.3] })),
  };
  expect(risingText(risen)).toContain('In **6 of 6 runs**');
});

test('a page tells of the full record where there is one, and says so where there is none', () => {
  const own = { ...record, profile: 'quick' as const };
  expect(chooseRecord(record, own)).toMatchObject({ shown: record });
  expect(chooseRecord(record, own).note).toContain('2026-01-31');
  const without = chooseRecord(undefined, own);
  expect(without.shown).toBe(own);
  expect(without.note).toContain('**no record of a full run**');
});

test('the smoke design runs in both frameworks, and a second time at once from what was kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-changes-'));
  try {
    const dataset = await loadMnist();
    const records = new RunStore(dataset, folder);
    const found = await runChanges('smoke', dataset, { records });
    expect(found.walks.map(({ recipes }) => recipes.length)).toEqual([10, 10, 10]);
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    expect(Number.isFinite(explain(found, 'loss').gap.mean)).toBe(true);
    expect(answerOfChanges(found)).toContain('one seed');
    let trained = 0;
    const again = await runChanges('smoke', dataset, {
      records,
      onProgress: ({ epoch }) => {
        if (epoch) trained++;
      },
    });
    expect(trained).toBe(0);
    expect(again.runs).toEqual(found.runs);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
