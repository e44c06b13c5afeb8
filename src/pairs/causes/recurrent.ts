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
        if (
          !['lstm', 'gru', 'rnn', 'attention'].includes(unit.kind) ||
          view[which].framework !== 'torch'
        )
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

const lastStates: Cause = {
  name: 'last-step-of-bidirectional',
  summary:
    'out[:, -1] of a bidirectional layer has the second direction’s first step only; Keras gives the last state of each direction.',
  sources: [
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html',
    'https://keras.io/api/layers/recurrent_layers/bidirectional/',
  ],
  find: (view) =>
    pairsOf(view, 'lstm', 'gru', 'rnn').flatMap(({ pair, own, reference }): Finding[] => {
      if (!own.settings.bidirectional || reference.settings.returnsSequences !== false) return [];
      const side = view[view.changed];
      const pick = side.units.find(
        ({ call, sources }) =>
          call.type === '__getitem__' &&
          sources.includes(own.index) &&
          Array.isArray(call.config.index) &&
          call.config.index[1] === -1 &&
          call.in[0]?.length === 3,
      );
      if (!pick) return [];
      const text = (which: Which) =>
        which === view.changed
          ? 'out[:, -1]: the last step of both directions'
          : 'the last state of each direction';
      const fix = 'torch.cat([h[-2], h[-1]], 1) of the states in place of out[:, -1]';
      return [
        {
          name: 'last-step-of-bidirectional',
          left: text('left'),
          right: text('right'),
          layer: labelOf(pair.left),
          places: [pick.call.place],
          fix: { left: fix, right: fix },
          apply: (plan) =>
            addPatch(plan[view.changed], pick.call.key, {
              emulate: 'last-states',
              params: { units: own.settings.units },
            }),
        },
      ];
    }),
};

export const recurrentCauses: readonly Cause[] = [gruResetAfter, batchFirst, lastStates];
