import { type Cause, type Finding, other, type Which } from './cause';

/** Whether a PyTorch program's loss multiplies what it computes of each sample. */
const multiplies = (calls: readonly { type: string }[]): boolean =>
  calls.some(({ type }) => /^(__r?mul__|mul|dot|matmul)$/.test(type));

export const sampleWeights: Cause = {
  name: 'sample-weights',
  summary:
    'One side’s loss counts each sample by a weight of its own, the other’s counts all alike.',
  sources: [
    'https://keras.io/api/models/model_training_apis/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html',
  ],
  find: (view) =>
    (['left', 'right'] as const).flatMap((which): Finding[] => {
      const [side, against] = [view[which], view[other(which)]];
      const weighs =
        against.description.sampleWeights ||
        (against.framework === 'torch' && multiplies(against.lossCalls));
      if (!side.description.sampleWeights || weighs) return [];
      const text = (of: Which) =>
        of === which ? 'sample_weight in fit' : 'every sample counts the same';
      const fix = (of: Which) =>
        of === which
          ? 'no sample_weight'
          : view[of].framework === 'keras'
            ? 'sample_weight in fit'
            : 'reduction="none" in the loss, then (weight * loss).mean()';
      return [
        {
          name: 'sample-weights',
          left: text('left'),
          right: text('right'),
          places: [side.description.places?.sample_weight ?? null],
          fix: { left: fix('left'), right: fix('right') },
          apply: (plan) => {
            plan[which].unweighted = true;
          },
        },
      ];
    }),
};
