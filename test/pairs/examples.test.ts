import { exampleProgram } from '../../src/pairs/programs';
import { closeWarm, compareWarm, proven } from './warm';

afterAll(closeWarm);

test('the article’s halves differ in nine choices: seven are proven, one is the start, one says the same', async () => {
  const found = await compareWarm(
    exampleProgram('article', 'keras_model.py'),
    exampleProgram('article', 'torch_model.py'),
  );
  expect(proven(found)).toEqual([
    'batch-size',
    'input-scale',
    'layer-missing',
    'pooling-size',
    'resize-missing',
    'shuffling',
    'validation-split',
  ]);
  expect(found.remaining).toEqual([]);
  expect(found.verdict).toBe('equal after changes');
  expect(found.start.some(({ same }) => !same)).toBe(true);
  expect(found.notes.join()).toContain('The losses are written differently and are the same');
});
