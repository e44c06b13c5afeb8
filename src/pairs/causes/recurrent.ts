import { labelOf } from '../units';
import { addPatch, type Cause, type Finding, pairsOf, placesOf, type Which } from './cause';

const gruResetAfter: Cause = {
  name: 'gru-reset-after',
  summary:
    'A GRU applies the reset gate before or after the recurrent product; PyTorch knows after only.',
  sources: [
    'https://keras.io/api/layers/recurrent_layers/gru/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html',
  ],
  find: (view) =>
    pairsOf(view, 'gru').flatMap(({ pair, own, reference }): Finding[] => {
      if (own.settings.resetAfter === reference.settings.resetAfter) return [];
      const text = (which: Which) =>
        pair[which].settings.resetAfter ? 'reset gate after the product' : 'reset_after=False';
      const wrong: Which = pair.left.settings.resetAfter ? 'right' : 'left';
      const fix = `reset_after=True in the ${view[wrong].framework === 'keras' ? 'Keras' : 'PyTorch'} program: weights of the other kind can't be taken over as they are`;
      return [
        {
          name: 'gru-reset-after',
          left: text('left'),
          right: text('right'),
          layer: labelOf(pair.left),
          places: placesOf(pair),
          fix: { left: fix, right: fix },
          apply(plan) {
            if (view[view.changed].framework === 'torch') {
              addPatch(plan[view.changed], own.call.key, { emulate: 'gru-reset-before' });
            }
          },
        },
      ];
    }),
};

const batchFirst: Cause = {
  name: 'batch-first',
  summary:
    'PyTorch’s recurrent layers take [T, N, C] unless batch_first=True: the batch is taken for the time.',
  sources: [
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html',
    'https://keras.io/api/layers/recurrent_layers/lstm/',
  ],
  find: (view) =>
    (['left', 'right'] as const).flatMap((which) =>
      view[which].units.flatMap((unit): Finding[] => {
        if (!['lstm', 'gru', 'rnn'].includes(unit.kind) || view[which].framework !== 'torch')
          return [];
        if (unit.settings.batchFirst || unit.hidden) return [];
        // Where a program turns the axes itself, the batch isn't the first.
        if (unit.call.in[0]?.[0] !== view[which].samples) return [];
        const pair = view.match.pairs.find((found) => found[which] === unit);
        return [
          {
            name: 'batch-first',
            left: 'the batch is the first axis',
            right: 'the batch is the first axis',
            [which]: `batch_first=False, but it gets [${unit.call.in[0].join(', ')}]`,
            layer: labelOf(unit),
            places: pair ? placesOf(pair) : [unit.call.place],
            fix: { left: 'batch_first=True', right: 'batch_first=True' },
            apply: (plan) => addPatch(plan[which], unit.call.key, { args: { batch_first: true } }),
          },
        ];
      }),
    ),
};

export const recurrentCauses: readonly Cause[] = [gruResetAfter, batchFirst];
