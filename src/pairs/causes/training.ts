import type { Training } from '../side';
import { type Cause, type Finding, other, same, type Which } from './cause';

interface Setting {
  readonly name: string;
  readonly key: keyof Training;
  readonly code: (value: unknown) => string;
}

const settings: readonly Setting[] = [
  { name: 'batch-size', key: 'batchSize', code: (value) => `batches of ${value}` },
  {
    name: 'shuffling',
    key: 'shuffle',
    code: (value) => (value ? 'a new order in each epoch' : 'the order of the data'),
  },
  {
    name: 'last-batch',
    key: 'dropLast',
    code: (value) => (value ? 'the last short batch is left out' : 'the last short batch counts'),
  },
  {
    name: 'validation-split',
    key: 'validationSplit',
    code: (value) =>
      value ? `the last ${Number(value) * 100} % are kept back` : 'all are trained on',
  },
];

const defaults: Training = { shuffle: false, dropLast: false, validationSplit: 0 };

/** How both go through the data, where both say so; undefined where one doesn't. */
export function trainingOf(view: Record<Which, { description: { training?: Training } }>) {
  const [left, right] = [view.left.description.training, view.right.description.training];
  if (!left?.batchSize || !right?.batchSize) return undefined;
  return { left: { ...defaults, ...left }, right: { ...defaults, ...right } };
}

export const training: Cause = {
  name: 'batch-size',
  summary:
    'The programs go through the data differently: size and order of the batches, or the validation split.',
  sources: [
    'https://keras.io/api/models/model_training_apis/',
    'https://docs.pytorch.org/docs/stable/data.html',
  ],
  find(view) {
    const found = trainingOf(view);
    if (!found) return [];
    return settings.flatMap(({ name, key, code }): Finding[] => {
      if (same(found.left[key], found.right[key])) return [];
      const { changed } = view;
      return [
        {
          name,
          left: code(found.left[key]),
          right: code(found.right[key]),
          places: [],
          fix: { left: code(found.right[key]), right: code(found.left[key]) },
          apply(plan) {
            plan[changed].batches = {
              ...plan[changed].batches,
              [key]: found[other(changed)][key],
            };
          },
        },
      ];
    });
  },
};
