import type { Plan } from '../measure';
import type { Side } from '../side';
import type { Call, Unit } from '../units';
import { addPatch, type Cause, type Finding, same, short, type Which } from './cause';

/** What a loss computes and what it takes. */
export interface Loss {
  readonly kind: string;
  readonly takes?: 'logits' | 'probabilities' | 'log-probabilities';
  readonly reduction: string;
  readonly smoothing: number;
  readonly delta?: number;
  /** A weight for each class, and whether the mean is over these weights or over the samples. */
  readonly weights: readonly number[] | null;
  readonly mean: 'weights' | 'samples';
  /** What a binary loss multiplies the positive targets' part by. */
  readonly positive: readonly number[] | null;
  /** The recorded call, where there is one. */
  readonly key?: string;
  readonly name: string;
}

const torchLosses: Readonly<Record<string, Pick<Loss, 'kind' | 'takes'>>> = {
  crossentropy: { kind: 'cross-entropy', takes: 'logits' },
  nll: { kind: 'cross-entropy', takes: 'log-probabilities' },
  bce: { kind: 'binary cross-entropy', takes: 'probabilities' },
  binarycrossentropy: { kind: 'binary cross-entropy', takes: 'probabilities' },
  bcewithlogits: { kind: 'binary cross-entropy', takes: 'logits' },
  binarycrossentropywithlogits: { kind: 'binary cross-entropy', takes: 'logits' },
  mse: { kind: 'mean squared error' },
  l1: { kind: 'mean absolute error' },
  smoothl1: { kind: 'Huber' },
  huber: { kind: 'Huber' },
};

const kerasLosses: readonly [RegExp, string][] = [
  [/categoricalcrossentropy$/, 'cross-entropy'],
  [/^binarycrossentropy$/, 'binary cross-entropy'],
  [/^meansquarederror$|^mse$/, 'mean squared error'],
  [/^meanabsoluteerror$|^mae$/, 'mean absolute error'],
  [/^huber$/, 'Huber'],
];

/** How a loss of PyTorch is reduced, by itself or by what follows it: `.mean()`, `/ len(target)`. */
function reductionOf(
  call: Call,
  rest: readonly Call[],
  samples: number,
): Pick<Loss, 'reduction' | 'mean'> {
  const own = String(call.config.reduction ?? 'mean');
  const [next] = rest;
  if (own === 'none' && next && ['mean', 'sum'].includes(next.type))
    return { reduction: next.type, mean: 'samples' };
  const divided = next && /^(div|__truediv__|true_divide)$/.test(next.type);
  if (own === 'sum' && divided && Object.values(next.config).includes(samples))
    return { reduction: 'mean', mean: 'samples' };
  return { reduction: own, mean: 'weights' };
}

/** A side's loss; undefined where it has none that is known. */
export function lossOf(side: Side): Loss | undefined {
  const { loss } = side.description;
  if (!loss) return undefined;
  if (side.framework === 'keras') {
    const name = loss.type.toLowerCase().replace(/_/g, '');
    const kind = kerasLosses.find(([pattern]) => pattern.test(name))?.[1];
    if (!kind) return undefined;
    return {
      kind,
      name: loss.type,
      ...(kind.endsWith('cross-entropy') && {
        takes: loss.config.from_logits ? ('logits' as const) : ('probabilities' as const),
      }),
      reduction: String(loss.config.reduction ?? 'sum_over_batch_size'),
      smoothing: Number(loss.config.label_smoothing ?? 0),
      delta: loss.config.delta as number | undefined,
      weights: loss.classWeights ?? null,
      mean: loss.config.reduction === 'mean_with_sample_weight' ? 'weights' : 'samples',
      positive: null,
    };
  }
  const tensor = (value: unknown): readonly number[] | null => {
    const values = Array.isArray(value) ? value : (value as { values?: unknown } | null)?.values;
    return Array.isArray(values) ? (values.flat(9) as number[]) : null;
  };
  const inner = side.lossCalls.find(({ type }) => /^(log_?softmax|softmax|sigmoid)$/i.test(type));
  for (const [at, call] of side.lossCalls.entries()) {
    const name = call.type.toLowerCase().replace(/_/g, '').replace(/loss$/, '');
    const found = torchLosses[name];
    if (!found) continue;
    return {
      ...found,
      ...(inner && { takes: 'logits' as const }),
      name: call.type,
      ...reductionOf(call, side.lossCalls.slice(at + 1), side.samples),
      smoothing: Number(call.config.label_smoothing ?? 0),
      delta: (call.config.delta ?? call.config.beta) as number | undefined,
      weights: tensor(loss.config.weight ?? call.config.weight),
      positive: tensor(loss.config.pos_weight ?? call.config.pos_weight),
      key: call.key,
    };
  }
  return undefined;
}

/** The softmax or sigmoid that a model ends with. */
export function lastActivation({ final, units, calls }: Side): Unit | undefined {
  let unit = units.find(({ call }) => call === calls[final[0] ?? -1]);
  while (unit && (unit.kind === 'shape' || unit.kind === 'dropout'))
    unit = units[unit.sources[0] ?? -1];
  const ends = ['softmax', 'logSoftmax', 'sigmoid', 'logSigmoid'];
  return unit?.kind === 'activation' && ends.includes(String(unit.settings.fn)) ? unit : undefined;
}

type State = 'right' | 'twice' | 'missing';

function stateOf(side: Side): { state: State; loss: Loss; last?: Unit } | undefined {
  const loss = lossOf(side);
  if (!loss?.takes) return undefined;
  const last = lastActivation(side);
  const fn = String(last?.settings.fn ?? '');
  const log = fn.startsWith('log');
  const state =
    loss.takes === 'logits'
      ? last && !log
        ? 'twice'
        : 'right'
      : loss.takes === 'probabilities'
        ? last && !log
          ? 'right'
          : 'missing'
        : log
          ? 'right'
          : 'missing';
  return { state, loss, last };
}

/** That two losses are written differently and say the same; undefined where there is nothing to say. */
export function lossesAlike(sides: Record<Which, Side>): string | undefined {
  const states = { left: stateOf(sides.left), right: stateOf(sides.right) };
  const told = (which: Which) => {
    const { loss, last } = states[which]!;
    return `${last ? `${last.settings.fn}, then ` : ''}${loss.name}`;
  };
  const twice = (['left', 'right'] as const).some(
    (which) =>
      states[which]?.loss.takes === 'logits' && states[which]?.last?.settings.fn === 'logSoftmax',
  );
  if (!twice || states.left?.state !== 'right' || states.right?.state !== 'right') return undefined;
  return `The losses are written differently and are the same: ${told('left')}; ${told('right')}. The log-softmax of a log-softmax is itself.`;
}

const sources = [
  'https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html',
  'https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html',
  'https://keras.io/api/losses/probabilistic_losses/',
];

const softmaxBeforeLoss: Cause = {
  name: 'softmax-before-loss',
  summary: 'The loss expects logits, but gets the result of a softmax or sigmoid.',
  sources,
  find: ({ left, right }) => wrong({ left, right }, 'twice'),
};

const softmaxMissing: Cause = {
  name: 'softmax-missing',
  summary: 'The loss expects probabilities, but gets logits.',
  sources,
  find: ({ left, right }) => wrong({ left, right }, 'missing'),
};

function wrong(sides: Record<Which, Side>, looked: 'twice' | 'missing'): Finding[] {
  const states = { left: stateOf(sides.left), right: stateOf(sides.right) };
  if (!states.left || !states.right || states.left.state === states.right.state) return [];
  return (['left', 'right'] as const).flatMap((which): Finding[] => {
    const { state, loss, last } = states[which]!;
    if (state !== looked) return [];
    const keras = sides[which].framework === 'keras';
    const softmax = loss.kind === 'cross-entropy' ? 'softmax' : 'sigmoid';
    const ends = loss.takes === 'log-probabilities' && last ? 'log' : softmax;
    const name = state === 'twice' ? `${last?.settings.fn}-before-loss` : `${ends}-missing`;
    const text = (of: Which) => {
      const { loss: own, last: end } = states[of]!;
      return `${end ? `${end.settings.fn}, then ` : ''}${own.name}${own.takes ? `, which takes ${own.takes}` : ''}`;
    };
    const fixed =
      state === 'twice'
        ? keras
          ? `leave the ${last!.settings.fn} out, or from_logits=False`
          : `leave the ${last!.settings.fn} out: ${loss.name} takes logits`
        : keras
          ? 'from_logits=True'
          : softmax === 'softmax'
            ? 'nn.CrossEntropyLoss, or log_softmax before the loss'
            : 'nn.BCEWithLogitsLoss, or sigmoid before the loss';
    return [
      {
        name,
        left: text('left'),
        right: text('right'),
        places: [last?.call.place ?? null],
        fix: { left: fixed, right: fixed },
        apply(plan) {
          if (state === 'twice') addPatch(plan[which], last!.call.key, { skip: true });
          else if (keras) plan[which].loss = { ...plan[which].loss, from_logits: true };
          else {
            const way =
              softmax === 'sigmoid' ? { sigmoid: true } : last ? { log: true } : { logSoftmax: 1 };
            addPatch(plan[which], loss.key!, { input: [way] });
          }
        },
      },
    ];
  });
}

const targetBroadcast: Cause = {
  name: 'target-broadcast',
  summary:
    'Outputs [N, 1] and targets [N] broadcast to [N, N]: each output is compared with all targets.',
  sources: [
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html',
    'https://docs.pytorch.org/docs/stable/notes/broadcasting.html',
  ],
  find: (view) =>
    (['left', 'right'] as const).flatMap((which): Finding[] => {
      const side = view[which];
      const [output] = side.outputs;
      const call = side.lossCalls.find(({ in: [a = [], b = []], out: [c = []] }) => {
        const [long, small] = a.length > b.length ? [a, b] : [b, a];
        if (small.length === 0 || long.length - small.length !== 1 || long.at(-1) !== 1)
          return false;
        return long[0] === small[0] && (c.length === 0 || c.length === long.length);
      });
      if (!call || !output) return [];
      const target = output.length === 2 ? { unsqueeze: 1 } : { squeeze: -1 };
      const fix = output.length === 2 ? 'target.unsqueeze(1)' : 'target.squeeze(1)';
      const shapes = call.in.slice(0, 2).map((shape) => `[${shape.join(', ')}]`);
      return [
        {
          name: 'target-broadcast',
          left: 'compares each output with its own target',
          right: 'compares each output with its own target',
          [which]: `compares ${shapes.join(' with ')}: all with all`,
          places: [call.place],
          fix: { left: fix, right: fix },
          apply(plan) {
            plan[which].target = target;
          },
        },
      ];
    }),
};

const reductions: Readonly<Record<string, string>> = {
  sum_over_batch_size: 'mean',
  mean_with_sample_weight: 'mean',
};

/** A setting of losses, and how either framework's code has it. */
interface LossSetting {
  readonly name: string;
  readonly key: keyof Loss;
  readonly of?: (loss: Loss) => unknown;
  readonly code: (value: unknown, framework: 'keras' | 'torch', loss: Loss) => string;
}

const settings: readonly LossSetting[] = [
  { name: 'loss-reduction', key: 'reduction', code: (value) => `reduction=${value}` },
  { name: 'label-smoothing', key: 'smoothing', code: (value) => `label_smoothing=${value}` },
  {
    name: 'huber-delta',
    key: 'delta',
    code: (value, _, { name }) => `${/smooth/i.test(name) ? 'beta' : 'delta'}=${value}`,
  },
  {
    name: 'class-weights',
    key: 'weights',
    // A weight of one for each class is none.
    of: ({ weights }) => (weights?.some((weight) => weight !== 1) ? weights : null),
    code: (value, framework) =>
      value
        ? framework === 'keras'
          ? `class_weight={${(value as number[]).map((weight, i) => `${i}: ${short(weight)}`).join(', ')}} in fit`
          : `weight=torch.tensor([${(value as number[]).map(short).join(', ')}]) in the loss`
        : 'no weights of classes',
  },
  {
    name: 'class-weights-mean',
    key: 'mean',
    of: ({ weights, mean, reduction }) => (weights && reduction !== 'sum' ? mean : undefined),
    code: (value, framework) =>
      value === 'samples'
        ? framework === 'keras'
          ? 'the weighted sum over the number of samples'
          : 'reduction="sum", divided by len(target)'
        : 'the weighted sum over the sum of the weights',
  },
  {
    name: 'positive-weight',
    key: 'positive',
    code: (value) =>
      value
        ? `pos_weight=[${(value as number[]).map(short).join(', ')}]`
        : 'no weight of positives',
  },
];

const lossSettings: Cause = {
  name: 'loss-reduction',
  summary:
    'The losses have different settings: mean or sum, label smoothing, class weights, or another function.',
  sources: [
    'https://keras.io/api/losses/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html',
  ],
  find(view) {
    const losses = { left: lossOf(view.left), right: lossOf(view.right) };
    if (!losses.left || !losses.right) return [];
    const own = losses[view.changed]!;
    const wanted = losses[view.changed === 'left' ? 'right' : 'left']!;
    const keras = view[view.changed].framework === 'keras';
    if (!own.key && !keras) return [];
    const told = losses as Record<Which, Loss>;
    const emulate = (params: Record<string, unknown>) => (plan: Plan) => {
      if (!keras) {
        return addPatch(plan[view.changed], own.key!, {
          emulate: 'loss',
          params: { own: { ...own, formula: 'torch' }, ...params },
        });
      }
      const { kind, smoothing, takes: _, ...same } = params;
      plan[view.changed].loss = {
        ...plan[view.changed].loss,
        ...(kind ? { type: wanted.name } : same),
        ...(smoothing !== undefined && { label_smoothing: smoothing }),
      };
    };
    if (own.kind !== wanted.kind) {
      return [
        {
          name: 'loss-function',
          left: told.left.name,
          right: told.right.name,
          places: [],
          fix: { left: `the ${told.right.kind}`, right: `the ${told.left.kind}` },
          apply: emulate({ kind: wanted.kind, delta: wanted.delta ?? 1, takes: wanted.takes }),
        },
      ];
    }
    const each = own.kind === 'cross-entropy';
    const reduced = (loss: Loss) => {
      if (keras) return loss.reduction;
      const reduction = reductions[loss.reduction] ?? loss.reduction;
      return reduction === 'sum' && !loss.key && !each ? 'sum of means' : reduction;
    };
    return settings.flatMap(({ name, key, of = (loss) => loss[key], code }): Finding[] => {
      const value = key === 'reduction' ? reduced : of;
      if (
        same(value(own), value(wanted)) ||
        value(own) === undefined ||
        value(wanted) === undefined
      )
        return [];
      const text = (which: Which, from: Which) =>
        code(value(told[from]), view[which].framework, told[which]);
      return [
        {
          name,
          left: text('left', 'left'),
          right: text('right', 'right'),
          places: [],
          fix: { left: text('left', 'right'), right: text('right', 'left') },
          apply: emulate({
            [key]: value(wanted),
            ...(key === 'weights' && !own.weights && { mean: wanted.mean }),
          }),
        },
      ];
    });
  },
};

export const lossCauses: readonly Cause[] = [
  softmaxBeforeLoss,
  softmaxMissing,
  targetBroadcast,
  lossSettings,
];
