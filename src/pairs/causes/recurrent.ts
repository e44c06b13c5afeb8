import type { SidePlan } from '../side';
import { labelOf, type Unit } from '../units';
import {
  addPatch,
  type Cause,
  type Finding,
  type PairView,
  pairsOf,
  placesOf,
  same,
  short,
  type Which,
} from './cause';

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
              addPatch(plan[view.changed], own.call.key, {
                emulate: 'recurrent',
                params: { resetAfter: reference.settings.resetAfter },
              });
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

const activations = [
  ['recurrentActivation', 'recurrent-activation', 'recurrent_activation'],
  ['activation', 'cell-activation', 'activation'],
] as const;

const recurrentActivation: Cause = {
  name: 'recurrent-activation',
  summary:
    'The gates or the state of a recurrent layer have a different activation; PyTorch’s are sigmoid and tanh.',
  sources: [
    'https://keras.io/api/layers/recurrent_layers/lstm/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html',
  ],
  find: (view) =>
    pairsOf(view, 'lstm', 'gru', 'rnn').flatMap(({ pair, own, reference }) =>
      activations.flatMap(([setting, name, argument]): Finding[] => {
        const fn = (unit: Unit) => unit.settings[setting] as { fn: string } | undefined;
        if (same(fn(own), fn(reference))) return [];
        const text = (unit: Unit) => `${argument}="${fn(unit)?.fn}"`;
        const fix = (which: Which, unit: Unit) =>
          view[which].framework === 'keras'
            ? text(unit)
            : unit.kind === 'rnn'
              ? `nonlinearity="${fn(unit)?.fn}"`
              : `a cell of its own: PyTorch’s ${unit.kind.toUpperCase()} has no other than sigmoid and tanh`;
        return [
          {
            name,
            left: text(pair.left),
            right: text(pair.right),
            layer: labelOf(pair.left),
            places: placesOf(pair),
            fix: { left: fix('left', pair.right), right: fix('right', pair.left) },
            apply: (plan) =>
              addPatch(plan[view.changed], own.call.key, {
                emulate: 'recurrent',
                params: { [setting]: fn(reference) },
              }),
          },
        ];
      }),
    ),
};

/** What Keras’ side does that PyTorch's layers don't, and how it is taken out there. */
function kerasOnly(
  view: PairView,
  name: string,
  has: (unit: Unit) => boolean,
  text: readonly [string, string],
  fix: readonly [string, string],
  change: (plan: SidePlan, unit: Unit) => void,
): Finding[] {
  const { keras, torch } = view;
  if (!keras || !torch) return [];
  return view[keras].units.filter(has).map((unit) => {
    const of = (which: Which, [a, b]: readonly [string, string]) => (which === keras ? a : b);
    return {
      name,
      left: of('left', text),
      right: of('right', text),
      layer: labelOf(unit),
      places: [unit.call.place],
      fix: { left: of('left', fix), right: of('right', fix) },
      apply: (plan) => change(plan[keras], unit),
    };
  });
}

const mask: Cause = {
  name: 'mask',
  summary: 'Keras skips masked steps, and PyTorch uses them all unless the sequence is packed.',
  sources: [
    'https://keras.io/guides/understanding_masking_and_padding/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html',
  ],
  find: (view) =>
    kerasOnly(
      view,
      'mask',
      ({ settings }) => Boolean(settings.masksZero || settings.masks),
      ['steps of zeros are masked', 'all steps count'],
      [
        'mask_zero=False, or no Masking layer',
        'nn.utils.rnn.pack_padded_sequence before the recurrent layer, or key_padding_mask',
      ],
      (plan) => {
        plan.unmasked = true;
      },
    ),
};

const stateful: Cause = {
  name: 'stateful',
  summary: 'A stateful Keras layer starts each batch with the final state of the previous one.',
  sources: [
    'https://keras.io/api/layers/recurrent_layers/lstm/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html',
  ],
  find: (view) =>
    kerasOnly(
      view,
      'stateful',
      ({ settings }) => Boolean(settings.stateful),
      ['stateful=True', 'each batch begins with a state of zeros'],
      ['stateful=False', 'give the layer the state that it returned, detached'],
      (plan, { call }) => addPatch(plan, call.key, { args: { stateful: false } }),
    ),
};

const recurrentDropout: Cause = {
  name: 'recurrent-dropout',
  summary:
    'Keras applies dropout to a recurrent layer’s input or state, with one mask for all steps; PyTorch applies it between layers.',
  sources: [
    'https://keras.io/api/layers/recurrent_layers/lstm/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html',
  ],
  find: (view) =>
    pairsOf(view, 'lstm', 'gru', 'rnn').flatMap(({ pair }): Finding[] => {
      const { keras, torch } = view;
      if (!keras || !torch) return [];
      const a = pair[keras].settings;
      const b = pair[torch].settings;
      const drops = b.dropout && Number(b.layers) > 1;
      if (!a.dropout && !a.recurrentDropout && !drops) return [];
      const text = (which: Which) =>
        which === keras
          ? `dropout=${short(a.dropout)}, recurrent_dropout=${short(a.recurrentDropout)}`
          : drops
            ? `dropout=${short(b.dropout)} between ${b.layers} layers`
            : 'no dropout at the layer’s input';
      const fix = (which: Which) =>
        which === keras
          ? 'dropout=0 and a Dropout layer where PyTorch has it'
          : 'a mask of its own for the input, the same for all steps, in place of dropout=';
      return [
        {
          name: 'recurrent-dropout',
          left: text('left'),
          right: text('right'),
          layer: labelOf(pair.left),
          places: placesOf(pair),
          fix: { left: fix('left'), right: fix('right') },
          apply(plan) {
            addPatch(plan[keras], pair[keras].call.key, {
              cell: { dropout: 0, recurrent_dropout: 0 },
            });
            addPatch(plan[torch], pair[torch].call.key, { args: { dropout: 0 } });
          },
        },
      ];
    }),
};

const paddingIndex: Cause = {
  name: 'padding-index',
  summary: 'An embedding with padding_idx never trains that word’s row.',
  sources: ['https://docs.pytorch.org/docs/stable/generated/torch.nn.Embedding.html'],
  find: (view) =>
    pairsOf(view, 'embedding').flatMap(({ pair, own, reference }): Finding[] => {
      const index = (unit: Unit) => unit.settings.paddingIndex ?? null;
      if (index(own) === index(reference)) return [];
      const text = (unit: Unit) =>
        index(unit) === null ? 'all rows are trained' : `padding_idx=${index(unit)}`;
      const fix = (unit: Unit) =>
        index(unit) === null
          ? 'no padding_idx'
          : `padding_idx=${index(unit)}; Keras has no such setting`;
      return [
        {
          name: 'padding-index',
          left: text(pair.left),
          right: text(pair.right),
          layer: labelOf(pair.left),
          places: placesOf(pair),
          fix: { left: fix(pair.right), right: fix(pair.left) },
          apply: (plan) =>
            addPatch(plan[view.changed], own.call.key, {
              args: { padding_idx: index(reference) },
            }),
        },
      ];
    }),
};

export const recurrentCauses: readonly Cause[] = [
  gruResetAfter,
  recurrentActivation,
  batchFirst,
  lastStates,
  mask,
  stateful,
  paddingIndex,
  recurrentDropout,
];
