import { labelOf } from '../units';
import { addPatch, type Cause, type Finding, placesOf, settingDiffers, type Which } from './cause';

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

export const dropoutRate: Cause = {
  name: 'dropout-rate',
  summary: 'A dropout drops another share.',
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
