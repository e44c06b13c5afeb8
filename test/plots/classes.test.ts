import { classBars, confusionMatrix } from '../../src/plots';

const classes = ['zero', 'one', 'two'];
const counts = [
  [10, 0, 0],
  [1, 7, 4],
  [0, 0, 8],
];

interface Cells {
  name: string;
  z: (number | null)[][];
  text: string[][];
  meta: { dark: object };
}

const cells = (matrix: readonly (readonly number[])[]) =>
  confusionMatrix(matrix, classes).data as unknown as [Cells, Cells];

test('correct answers and mistakes have their own scales', () => {
  const [right, wrong] = cells(counts);
  expect(right.z).toEqual([
    [1, null, null],
    [null, 7 / 12, null],
    [null, null, 1],
  ]);
  // The darkest mistake is the most frequent one; what never happened stays empty.
  expect(wrong.z).toEqual([
    [null, null, null],
    [0.5, null, 1],
    [null, null, null],
  ]);
  expect(wrong.text[1]).toEqual(['1', '', '4']);
});

test('both bring what they look like on a dark page', () => {
  for (const { meta } of cells(counts)) expect(meta.dark).toHaveProperty('colorscale');
});

test('the summary tells what is right and what is confused most often', () => {
  expect(confusionMatrix(counts, classes, 'A model').summary).toBe(
    'A model. 25 of 30 images correct; most often confused: one taken for two, 4 times.',
  );
  const perfect = [
    [2, 0],
    [0, 3],
  ];
  expect(confusionMatrix(perfect, ['a', 'b']).summary).toMatch(
    /5 of 5 images correct; none confused/,
  );
});

test('a class without images does no harm', () => {
  const [right] = cells([
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
  expect(right.z[0]![0]).toBe(0);
});

test('bars tell the range of each split', () => {
  const figure = classBars(classes, { training: [5, 6, 7], test: [1, 2, 3] });
  expect(figure.data).toHaveLength(2);
  expect(figure.summary).toBe('Images of each class: 5 to 7 in training, 1 to 3 in test.');
});
