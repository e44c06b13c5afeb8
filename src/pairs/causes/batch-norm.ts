import type { Plan } from '../measure';
import { labelOf, type Unit } from '../units';
import { addPatch, type Cause, pairsOf, placesOf, settingDiffers } from './cause';

const sources = [
  'https://keras.io/api/layers/normalization_layers/batch_normalization/',
  'https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html',
];

export const batchNormEpsilon: Cause = {
  name: 'batch-norm-epsilon',
  summary:
    'Batch norm adds a different epsilon to the variance: Keras 1e-3, PyTorch 1e-5 by default.',
  sources,
  find: (view) =>
    settingDiffers(view, 'batch-norm-epsilon', 'batchNorm', 'epsilon', {
      keras: { name: 'epsilon' },
      torch: { name: 'eps' },
    }),
};

export const batchNormMomentum: Cause = {
  name: 'batch-norm-momentum',
  summary:
    'Batch norm’s momentum is the share that is kept in Keras and the share that is taken in PyTorch: .99 in one is .01 in the other.',
  sources,
  find: (view) =>
    settingDiffers(view, 'batch-norm-momentum', 'batchNorm', 'share', {
      keras: { name: 'momentum', value: (share) => Number((1 - share).toPrecision(12)) },
      torch: { name: 'momentum' },
    }),
};

export const batchNormFrozen: Cause = {
  name: 'batch-norm-frozen',
  summary:
    'A frozen batch norm of Keras normalises as in evaluation; PyTorch’s uses the batch until it is set to eval(), whatever requires_grad is.',
  sources: [...sources, 'https://keras.io/getting_started/faq/'],
  find: (view) =>
    pairsOf(view, 'batchNorm').flatMap(({ pair, own, reference }) => {
      const still = ({ settings }: Unit) => settings.trainable === false;
      if (still(own) === still(reference)) return [];
      const text = (unit: Unit) =>
        still(unit) ? 'frozen: as in evaluation' : 'the batch’s own mean and variance';
      const fix = (which: 'left' | 'right') =>
        view[which].framework === 'keras'
          ? `trainable=${!still(pair[which === 'left' ? 'right' : 'left'])}`
          : still(pair[which === 'left' ? 'right' : 'left'])
            ? 'eval() for this layer after each model.train()'
            : 'no eval() for this layer';
      return [
        {
          name: 'batch-norm-frozen',
          left: text(pair.left),
          right: text(pair.right),
          layer: labelOf(pair.left),
          places: placesOf(pair),
          fix: { left: fix('left'), right: fix('right') },
          apply: (plan: Plan) =>
            addPatch(plan[view.changed], own.call.key, {
              emulate: 'batch-norm',
              params: { frozen: still(reference) },
            }),
        },
      ];
    }),
};

export const batchNormRunningVariance: Cause = {
  name: 'batch-norm-running-variance',
  summary:
    'Keras keeps the running variance of the batch as it is, PyTorch n / (n − 1) of it. No setting changes that.',
  sources,
  find: (view) =>
    pairsOf(view, 'batchNorm').flatMap(({ pair, own, reference }) => {
      if (own.settings.biased === reference.settings.biased) return [];
      if (!own.settings.tracks || !reference.settings.tracks) return [];
      if (reference.settings.trainable === false || own.settings.trainable === false) return [];
      const text = (biased: unknown) =>
        biased ? 'running variance of the batch' : 'running variance times n / (n − 1)';
      return [
        {
          name: 'batch-norm-running-variance',
          left: text(pair.left.settings.biased),
          right: text(pair.right.settings.biased),
          layer: labelOf(pair.left),
          places: placesOf(pair),
          fix: {
            left: 'no setting; larger batches make it smaller',
            right: 'no setting; larger batches make it smaller',
          },
          unremovable: 'No setting of either framework removes it; only its size is shown.',
          apply(plan) {
            addPatch(plan[view.changed], own.call.key, {
              emulate: 'batch-norm',
              params: { biased: reference.settings.biased },
            });
          },
        },
      ];
    }),
};
