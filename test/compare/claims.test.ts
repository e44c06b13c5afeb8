import { recipeDifferences, testClaims } from '../../src/compare';
import type { History } from '../../src/training';
import { pytorchRecipe, tensorflowRecipe } from '../../src/training/recipe';
import { readFullRun } from '../../src/training/runs';

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
    evidence: 'It is 0.100 after the third epoch and 0.150, 0.200 after the next.',
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
