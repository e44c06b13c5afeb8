import { labelOf, type Unit } from '../units';
import {
  addPatch,
  type Cause,
  type Finding,
  pairsOf,
  placesOf,
  settingDiffers,
  type Which,
} from './cause';

const fix = 'training=self.training in F.dropout, or nn.Dropout as a layer';

export const dropoutInEvaluation: Cause = {
  name: 'dropout-in-evaluation',
  summary: 'A dropout drops in evaluation too: F.dropout asks for training=self.training.',
  sources: [
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html',
    'https://keras.io/api/layers/regularization_layers/dropout/',
  ],
  find(view) {
    const always = (which: Which) =>
      view[which].units.filter(({ kind, settings }) => kind === 'dropout' && settings.always);
    return (['left', 'right'] as const).flatMap((which) =>
      always(which).flatMap((unit): Finding[] => {
        const pair = view.match.pairs.find((found) => found[which] === unit);
        if (pair?.left.settings.always && pair.right.settings.always) return [];
        return [
          {
            name: 'dropout-in-evaluation',
            left: 'drops in training only',
            right: 'drops in training only',
            [which]: 'F.dropout drops in evaluation too',
            layer: labelOf(unit),
            places: pair ? placesOf(pair) : [unit.call.place],
            fix: { left: fix, right: fix },
            apply: (plan) =>
              addPatch(plan[which], unit.call.key, { args: { training: '$training' } }),
          },
        ];
      }),
    );
  },
};

export const dropoutSpatial: Cause = {
  name: 'dropout-spatial',
  summary: 'One side drops whole channels, the other single elements.',
  sources: [
    'https://keras.io/api/layers/regularization_layers/spatial_dropout2d/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html',
  ],
  find: (view) =>
    pairsOf(view, 'dropout').flatMap(({ pair, own, reference }): Finding[] => {
      if (Boolean(own.settings.spatial) === Boolean(reference.settings.spatial)) return [];
      if (view[view.changed].framework !== 'torch') return [];
      const text = (which: Which, unit: Unit) => {
        const axes = Math.max(1, (unit.call.in[0]?.length ?? 4) - 2);
        if (!unit.settings.spatial) return 'Dropout: single elements';
        return `${view[which].framework === 'keras' ? `SpatialDropout${axes}D` : `Dropout${axes}d`}: whole channels`;
      };
      // Steps of words have their channels last in PyTorch too.
      const last = own.call.in[0]?.length === 3 && !reference.channelsLast;
      return [
        {
          name: 'dropout-spatial',
          left: text('left', pair.left),
          right: text('right', pair.right),
          layer: labelOf(pair.left),
          places: placesOf(pair),
          fix: { left: text('left', pair.right), right: text('right', pair.left) },
          apply: (plan) =>
            addPatch(plan[view.changed], own.call.key, {
              args: { spatial: reference.settings.spatial ? (last ? 'last' : 'first') : 'no' },
            }),
        },
      ];
    }),
};

export const dropoutRate: Cause = {
  name: 'dropout-rate',
  summary: 'A dropout has a different rate.',
  sources: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html'],
  find: (view) => [
    ...settingDiffers(view, 'dropout-rate', 'dropout', 'rate', {
      keras: { name: 'rate' },
      torch: { name: 'p' },
    }),
    // TransformerEncoderLayer's dropout also drops attention weights, and an LSTM's what it hands on.
    ...(view.keras && view.torch
      ? (['attention'] as const)
      : (['attention', 'lstm', 'gru'] as const)
    ).flatMap((kind) =>
      settingDiffers(view, 'dropout-rate', kind, 'dropout', {
        keras: { name: 'dropout' },
        torch: { name: 'dropout' },
      }),
    ),
  ],
};
