import type { Plan } from '../measure';
import { decayOf, type Optimizer, optimizerOf } from '../optimizer';
import { proofRatesByStep } from '../schedule';
import { weightPairs } from '../weights';
import { type Cause, type Finding, other, type PairView, same, short, type Which } from './cause';

const keras = (kind: string) => `https://keras.io/api/optimizers/${kind}/`;
const torchNames: Readonly<Record<string, string>> = {
  sgd: 'SGD',
  adam: 'Adam',
  adamax: 'Adamax',
  nadam: 'NAdam',
  rmsprop: 'RMSprop',
  adagrad: 'Adagrad',
  adadelta: 'Adadelta',
};
const torch = (kind: string) =>
  `https://docs.pytorch.org/docs/stable/generated/torch.optim.${torchNames[kind] ?? 'Optimizer'}.html`;

/** A setting of an optimizer: its name here and in either framework's code. */
interface Setting {
  readonly setting: string;
  readonly cause: (kind: string) => string;
  readonly keras: string;
  readonly torch: string;
}

const settings: readonly Setting[] = [
  { setting: 'lr', cause: () => 'learning-rate', keras: 'learning_rate', torch: 'lr' },
  { setting: 'beta1', cause: (kind) => `${kind}-betas`, keras: 'beta_1', torch: 'betas[0]' },
  { setting: 'beta2', cause: (kind) => `${kind}-betas`, keras: 'beta_2', torch: 'betas[1]' },
  { setting: 'amsgrad', cause: () => 'amsgrad', keras: 'amsgrad', torch: 'amsgrad' },
  {
    setting: 'momentum',
    cause: (kind) => `${kind}-momentum`,
    keras: 'momentum',
    torch: 'momentum',
  },
  { setting: 'nesterov', cause: () => 'nesterov', keras: 'nesterov', torch: 'nesterov' },
  { setting: 'dampening', cause: () => 'sgd-dampening', keras: 'dampening', torch: 'dampening' },
  { setting: 'centered', cause: () => 'rmsprop-centered', keras: 'centered', torch: 'centered' },
  {
    setting: 'momentumDecay',
    cause: () => 'nadam-momentum-decay',
    keras: 'momentum decay',
    torch: 'momentum_decay',
  },
  {
    setting: 'initialAccumulator',
    cause: () => 'adagrad-initial-accumulator',
    keras: 'initial_accumulator_value',
    torch: 'initial_accumulator_value',
  },
  {
    setting: 'lrDecay',
    cause: () => 'adagrad-learning-rate-decay',
    keras: 'lr_decay',
    torch: 'lr_decay',
  },
];

/** Sets canonical settings in the changed side's process. */
function set(plan: Plan, view: PairView, changes: Record<string, unknown>): void {
  const side = plan[view.changed];
  side.optimizer = { ...side.optimizer, settings: { ...side.optimizer?.settings, ...changes } };
}

const differing: Cause = {
  name: 'optimizer',
  summary: 'Settings of the optimizer: learning rate, momentum, betas, decay.',
  sources: ['https://keras.io/api/optimizers/', 'https://docs.pytorch.org/docs/stable/optim.html'],
  find(view) {
    const [left, right] = [optimizerOf(view.left), optimizerOf(view.right)];
    if (!left || !right) return [];
    const both = { left, right };
    const reference = both[other(view.changed)];
    const own = both[view.changed];
    if (left.kind !== right.kind) {
      const text = (which: Which) => view[which].description.optimizer!.type;
      return [
        {
          name: 'optimizer',
          left: text('left'),
          right: text('right'),
          places: [],
          fix: { left: text('right'), right: text('left') },
          apply: (plan) =>
            set(plan, view, {
              ...reference,
              ...(reference.learningRates && proofRatesByStep(view, other(view.changed))),
            }),
        },
      ];
    }
    const findings: Finding[] = [];
    const name = (setting: Setting, which: Which) => setting[view[which].framework];
    for (const setting of settings) {
      const key = setting.setting;
      if (key === 'lr' && (left.learningRates || right.learningRates)) continue;
      if (same(left[key], right[key]) || own[key] === undefined || reference[key] === undefined)
        continue;
      findings.push({
        name: setting.cause(left.kind),
        left: `${name(setting, 'left')}=${short(left[key])}`,
        right: `${name(setting, 'right')}=${short(right[key])}`,
        places: [],
        fix: {
          left: `${name(setting, 'left')}=${short(right[key])}`,
          right: `${name(setting, 'right')}=${short(left[key])}`,
        },
        apply: (plan) => set(plan, view, { [key]: reference[key] }),
      });
    }
    return [
      ...findings,
      ...decays(view, both),
      ...epsilons(view, both),
      ...clipping(view, both),
      ...momentumOfSchedule(view, both),
    ];
  },
};

type Both = Record<Which, Optimizer>;

/** ρ and α: how much of the mean of squares is kept. */
function decays(view: PairView, both: Both): Finding[] {
  const { left, right } = both;
  if (left.decay === undefined || same(left.decay, right.decay)) return [];
  const name = (which: Which) =>
    view[which].framework === 'torch' && left.kind === 'rmsprop' ? 'alpha' : 'rho';
  return [
    {
      name: `${left.kind}-decay`,
      left: `${name('left')}=${short(left.decay)}`,
      right: `${name('right')}=${short(right.decay)}`,
      places: [],
      fix: {
        left: `${name('left')}=${short(right.decay)}`,
        right: `${name('right')}=${short(left.decay)}`,
      },
      apply: (plan) => set(plan, view, { decay: both[other(view.changed)].decay }),
    },
  ];
}

/** Epsilon: its value, and whether it stands inside the root. */
function epsilons(view: PairView, both: Both): Finding[] {
  const { left, right } = both;
  if (left.epsilon === undefined || right.epsilon === undefined) return [];
  const placed = ['rmsprop', 'adagrad'].includes(left.kind) && left.formula !== right.formula;
  if (same(left.epsilon, right.epsilon) && !placed) return [];
  const reference = both[other(view.changed)];
  const name = (which: Which) => (view[which].framework === 'keras' ? 'epsilon' : 'eps');
  const text = (which: Which, value: unknown) => `${name(which)}=${short(value)}`;
  const where = (which: Which) =>
    placed ? (both[which].formula === 'keras' ? ' inside the root' : ' outside the root') : '';
  const near = placed ? ', which doesn’t do it exactly: it stands elsewhere in the formula' : '';
  return [
    {
      name: `${left.kind}-epsilon`,
      left: `${text('left', left.epsilon)}${where('left')}`,
      right: `${text('right', right.epsilon)}${where('right')}`,
      places: [],
      fix: {
        left: `${text('left', right.epsilon)}${near}`,
        right: `${text('right', left.epsilon)}${near}`,
      },
      ...(placed && {
        unremovable: 'No setting of either framework removes it exactly; only its size is shown.',
      }),
      apply: (plan) =>
        set(plan, view, {
          epsilon: reference.epsilon,
          ...(placed && { epsilonInside: reference.formula === 'keras' }),
        }),
    },
  ];
}

function clipping(view: PairView, both: Both): Finding[] {
  const keys = ['clipnorm', 'clipvalue', 'globalClipnorm'];
  if (keys.every((key) => same(both.left[key], both.right[key]))) return [];
  const reference = both[other(view.changed)];
  const text = (which: Which) => {
    const key = keys.find((name) => both[which][name] != null);
    return key ? `clips gradients: ${key}=${short(both[which][key])}` : 'doesn’t clip gradients';
  };
  const fix = (which: Which) => {
    const wanted = other(which);
    const key = keys.find((name) => both[wanted][name] != null);
    if (!key) return 'leave the clipping out';
    if (view[which].framework === 'keras') {
      return `${key === 'globalClipnorm' ? 'global_clipnorm' : key}=${short(both[wanted][key])}`;
    }
    const value = short(both[wanted][key]);
    return key === 'clipvalue'
      ? `nn.utils.clip_grad_value_(model.parameters(), ${value}) before optimizer.step()`
      : `nn.utils.clip_grad_norm_(${key === 'clipnorm' ? 'each parameter' : 'model.parameters()'}, ${value}) before optimizer.step()`;
  };
  return [
    {
      name: 'gradient-clipping',
      left: text('left'),
      right: text('right'),
      places: [],
      fix: { left: fix('left'), right: fix('right') },
      apply: (plan) =>
        set(plan, view, Object.fromEntries(keys.map((key) => [key, reference[key]]))),
    },
  ];
}

/** Keras' velocity has each gradient times the rate of its own step, PyTorch's is multiplied as a whole. */
function momentumOfSchedule(view: PairView, both: Both): Finding[] {
  const { left, right } = both;
  const varies = ({ learningRates }: Optimizer) => new Set(learningRates).size > 1;
  const momentum = left.momentum || right.momentum;
  if (left.kind !== 'sgd' || !momentum || left.formula === right.formula) return [];
  if (!varies(left) && !varies(right)) return [];
  const text = (which: Which) =>
    both[which].formula === 'keras'
      ? 'each gradient times the rate of its own step'
      : 'the whole velocity times the rate of this step';
  const fix = 'no setting; a rate that changes slowly makes it smaller';
  return [
    {
      name: 'momentum-under-schedule',
      left: text('left'),
      right: text('right'),
      places: [],
      fix: { left: fix, right: fix },
      unremovable: 'No setting of either framework removes it; only its size is shown.',
      apply: (plan) => set(plan, view, { formula: both[other(view.changed)].formula }),
    },
  ];
}

const weightDecay: Cause = {
  name: 'l2-and-weight-decay',
  summary:
    'An L2 regulariser λ adds 2λw to the gradients of the weights that it is set for; weight_decay λ adds λw to all, biases too.',
  sources: [
    'https://keras.io/api/layers/regularizers/',
    torch('sgd'),
    'https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html',
  ],
  find(view) {
    const keras = view[view.changed].framework === 'keras';
    if (!optimizerOf(view.left) || !optimizerOf(view.right)) return [];
    const rows = weightPairs(view.match)
      .filter(({ role }) => role !== 'mean' && role !== 'variance')
      .map((weight) => ({
        weight,
        left: decayOf(view.left, weight.left.name),
        right: decayOf(view.right, weight.right.name),
      }));
    const differ = rows.filter(({ left, right }) =>
      (['coupled', 'decoupled', 'l1'] as const).some((key) => !same(left[key], right[key])),
    );
    if (differ.length === 0) return [];
    const regularised = (which: Which) =>
      Object.keys(view[which].description.penalties ?? {}).length > 0;
    const text = (which: Which) => {
      const penalties = Object.values(view[which].description.penalties ?? {});
      if (penalties.length > 0) {
        const { l1, l2 } = penalties[0]!;
        return `${l1 ? `L1(${short(l1)}) ` : ''}${l2 ? `L2(${short(l2)})` : ''} on ${penalties.length} weights: gradient ${l2 ? `${short(2 * l2)}·w` : `${short(l1)}·sign(w)`}`;
      }
      const { weightDecay: decay, decoupled } = optimizerOf(view[which])!;
      return decay
        ? `weight_decay=${short(decay)}${decoupled ? ', decoupled' : ': gradient λ·w, biases too'}`
        : 'no decay';
    };
    const fix = (which: Which) =>
      view[which].framework === 'torch'
        ? `parameter groups: ${groups(rows.map((row) => row[other(which)]))}`
        : view[other(which)].framework === 'torch'
          ? 'kernel_regularizer and bias_regularizer with half of weight_decay'
          : text(other(which));
    const coupling = !regularised('left') && !regularised('right');
    const reference = other(view.changed);
    return [
      {
        name: coupling ? 'weight-decay' : 'l2-and-weight-decay',
        left: text('left'),
        right: text('right'),
        places: [],
        fix: { left: fix('left'), right: fix('right') },
        apply(plan) {
          const side = plan[view.changed];
          const weights: Record<string, Record<string, unknown>> = { ...side.optimizer?.weights };
          const penalties: Record<string, { l1: number; l2: number }> = {};
          for (const row of rows) {
            const { coupled, decoupled, l1 } = row[reference];
            const { name } = row.weight[view.changed];
            weights[name] = { weightDecay: decoupled, decoupled: true };
            if (coupled || l1) penalties[name] = { l1, l2: coupled / 2 };
          }
          // Keras decays all weights alike.
          const decay = rows[0]![reference].decoupled;
          side.optimizer = {
            ...side.optimizer,
            ...(keras
              ? { settings: { ...side.optimizer?.settings, weightDecay: decay } }
              : { weights }),
            penalties,
          };
        },
      },
    ];
  },
};

function groups(decays: readonly { coupled: number; decoupled: number; l1: number }[]): string {
  const count = new Map<string, number>();
  for (const { coupled, decoupled } of decays) {
    const key = `weight_decay=${short(coupled || decoupled)}`;
    count.set(key, (count.get(key) ?? 0) + 1);
  }
  return [...count].map(([key, n]) => `${key} for ${n} weights`).join(', ');
}

export const optimizerCauses: readonly Cause[] = [differing, weightDecay];
export { keras as kerasOptimizerPage, torch as torchOptimizerPage };
