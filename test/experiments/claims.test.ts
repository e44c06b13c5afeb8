import {
  claimsNote,
  recipeDifferences,
  testClaims,
  weightCount,
  whatIsCompared,
  whereTheGapComesFrom,
} from '../../src/experiments';
import { CNNModel } from '../../src/models';
import type { History } from '../../src/training';
import { pytorchRecipe, tensorflowRecipe } from '../../src/training/recipe';
import { readFullRun } from '../../src/training/runs';
import { madeUpRecord } from './changes-record';

const { tensorflow, pytorch } = readFullRun()!.histories;

const claimAbout = (words: string, left: History, right: History) =>
  testClaims(left, right).find(({ claim }) => claim.includes(words))!;

test('the recipes differ in nine choices', () => {
  expect(recipeDifferences(tensorflowRecipe, pytorchRecipe).map(({ field }) => field)).toEqual([
    'imageSize',
    'normalization',
    'pooling',
    'hiddenUnits',
    'initialization',
    'lossForm',
    'batchSize',
    'shuffle',
    'validation',
  ]);
  expect(recipeDifferences(pytorchRecipe, pytorchRecipe)).toEqual([]);
});

test('at full size the validation loss does not rise after the third epoch', () => {
  const { verdict, evidence } = claimAbout('seems to rise', tensorflow, pytorch);
  expect(verdict).toBe('does not hold');
  expect(evidence).toContain(tensorflow.valLoss[2]!.toFixed(3));
});

test('a history that rises turns the verdict and the text', () => {
  const rising = { ...tensorflow, valLoss: [0.3, 0.2, 0.1, 0.15, 0.2] };
  expect(claimAbout('seems to rise', rising, pytorch)).toMatchObject({
    verdict: 'holds',
    evidence: 'It is 0.100 after the third epoch, then 0.150, 0.200.',
  });
  const short = { ...tensorflow, valLoss: [0.3, 0.2] };
  expect(claimAbout('seems to rise', short, pytorch).verdict).toBe('cannot be tested');
});

test('the committed full run has the article’s figures', () => {
  const digits = (values: readonly number[]) => values.map((value) => value.toFixed(4));
  expect(digits(pytorch.loss)).toEqual(['2.1207', '1.4337', '0.8651', '0.6576', '0.5652']);
  expect(digits(pytorch.valLoss)).toEqual(['1.8306', '1.0272', '0.6992', '0.5765', '0.5141']);
  expect(tensorflow.valAccuracy.at(-1)).toBeGreaterThan(0.966);
  expect(tensorflow.valAccuracy.at(-1)).toBeLessThan(0.976);
});

const record = madeUpRecord();
const overSeeds = (words: string, from = record) =>
  testClaims(tensorflow, pytorch, from).find(({ claim }) => claim.includes(words))!;

test('with a record the claims are tested over its seeds', () => {
  expect(overSeeds('seems to rise')).toMatchObject({
    verdict: 'does not hold',
    evidence:
      "It is later above the third epoch's in 0 of 3 runs; in the mean it falls from 0.200 to 0.160. With 6 epochs of fewer images it does in 2 of 3 runs.",
  });
  expect(overSeeds('steep').evidence).toContain('(means of 3 seeds)');
  expect(overSeeds('because of the framework').verdict).toBe('does not hold');
  expect(claimAbout('because of the framework', tensorflow, pytorch).verdict).toBe(
    'cannot be tested',
  );
});

test('another record turns the verdicts', () => {
  const risen = {
    ...record,
    runs: record.runs.map((run) => ({
      ...run,
      valLoss: [0.3, 0.2, 0.1, 0.2, 0.2],
      test:
        run.framework === 'pytorch' ? { ...run.test, accuracy: run.test.accuracy - 0.6 } : run.test,
    })),
  };
  expect(overSeeds('seems to rise', risen).verdict).toBe('holds');
  expect(overSeeds('because of the framework', risen).verdict).toBe('holds');
});

test('the note says over how many seeds, or that there is no record', () => {
  expect(claimsNote(record)).toContain('over 3 seeds');
  expect(claimsNote(undefined)).toContain('**no record of runs over several seeds**');
  expect(whereTheGapComesFrom(record, undefined)).toContain('97.1 %');
  expect(whereTheGapComesFrom(undefined, undefined)).toContain('no full record');
});

test('what is compared is counted from the recipes', () => {
  for (const recipe of [tensorflowRecipe, pytorchRecipe]) {
    const counts = new CNNModel(recipe).parameters().map((weight) => weight.numel());
    expect(weightCount(recipe)).toBe(counts.reduce((a, b) => a + b));
  }
  const text = whatIsCompared(tensorflowRecipe, pytorchRecipe, 60_000);
  expect(text).toContain('9.5 million weights that sees 784 pixels');
  expect(text).toContain('the second takes 11 times fewer steps');
  const other = { ...pytorchRecipe, batchSize: 64 };
  expect(whatIsCompared(tensorflowRecipe, other, 60_000)).toContain('a step every 64 pictures');
});
