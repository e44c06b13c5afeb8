import { UserError } from '../../src/command/errors';
import {
  notebookProfile,
  profiles,
  pytorchRecipe,
  tensorflowRecipe,
  withProfile,
} from '../../src/training';

test('full is the article’s recipe; quick cuts TensorFlow’s images alone; smoke cuts all', () => {
  expect(withProfile(tensorflowRecipe, 'full')).toEqual(tensorflowRecipe);
  expect(withProfile(pytorchRecipe, 'full')).toEqual(pytorchRecipe);
  expect(withProfile(pytorchRecipe, 'quick')).toEqual(pytorchRecipe);
  expect(withProfile(tensorflowRecipe, 'quick')).toEqual({
    ...tensorflowRecipe,
    trainImages: 2000,
    testImages: 1000,
  });
  for (const recipe of [pytorchRecipe, tensorflowRecipe]) {
    expect(withProfile(recipe, 'smoke')).toMatchObject({ trainImages: 512, epochs: 2 });
  }
});

test('an unknown profile is refused with the names of all', () => {
  expect(profiles).toEqual(['smoke', 'quick', 'full']);
  expect(() => withProfile(pytorchRecipe, 'large' as 'full')).toThrow(
    new UserError("Unknown profile 'large'. Choose smoke, quick or full."),
  );
});

test('a notebook runs no experiment in full', () => {
  expect(profiles.map(notebookProfile)).toEqual(['smoke', 'quick', 'quick']);
  expect(() => notebookProfile('large')).toThrow("Unknown profile 'large'");
});
