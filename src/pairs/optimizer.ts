import type { Side } from './side';

/** An optimizer's settings under the names that both frameworks share here. */
export interface Optimizer {
  readonly kind: string;
  readonly formula: 'keras' | 'torch';
  readonly lr: number;
  /** Those of a schedule, one for each step, or for each epoch. */
  readonly learningRates?: readonly number[];
  readonly byEpoch?: boolean;
  readonly [setting: string]: unknown;
}

type Config = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<string, string>> = {
  SGD: 'sgd',
  Adam: 'adam',
  AdamW: 'adam',
  Adamax: 'adamax',
  Nadam: 'nadam',
  NAdam: 'nadam',
  RMSprop: 'rmsprop',
  Adagrad: 'adagrad',
  Adadelta: 'adadelta',
};

function fromKeras(type: string, config: Config, learningRates?: readonly number[]): Optimizer {
  const adam = config.beta_1 !== undefined;
  const kind = kinds[type] ?? type;
  return {
    kind,
    formula: 'keras',
    lr: typeof config.learning_rate === 'number' ? config.learning_rate : (learningRates?.[0] ?? 0),
    ...(learningRates && { learningRates }),
    ...(kind === 'sgd' && {
      momentum: config.momentum ?? 0,
      nesterov: Boolean(config.nesterov),
      dampening: 0,
    }),
    ...(adam && { beta1: config.beta_1, beta2: config.beta_2 }),
    ...(kind === 'adam' && { amsgrad: Boolean(config.amsgrad) }),
    ...(kind === 'nadam' && { momentumDecay: 1 }),
    ...(config.epsilon !== undefined && { epsilon: config.epsilon }),
    ...(config.rho !== undefined && { decay: config.rho }),
    ...(kind === 'rmsprop' && {
      momentum: config.momentum ?? 0,
      centered: Boolean(config.centered),
    }),
    ...(kind === 'adagrad' && { initialAccumulator: config.initial_accumulator_value, lrDecay: 0 }),
    weightDecay: config.weight_decay ?? 0,
    decoupled: true,
    clipnorm: config.clipnorm ?? null,
    clipvalue: config.clipvalue ?? null,
    globalClipnorm: config.global_clipnorm ?? null,
  };
}

function fromTorch(
  type: string,
  group: Config,
  clip: Readonly<Record<string, number>> = {},
  learningRates?: readonly number[],
  byEpoch = false,
): Optimizer {
  const kind = kinds[type] ?? type;
  const betas = group.betas as [number, number] | undefined;
  return {
    kind,
    formula: 'torch',
    lr: group.lr as number,
    ...(kind === 'sgd' && {
      momentum: group.momentum ?? 0,
      nesterov: Boolean(group.nesterov),
      dampening: group.momentum ? (group.dampening ?? 0) : 0,
    }),
    ...(betas && { beta1: betas[0], beta2: betas[1] }),
    ...(kind === 'adam' && { amsgrad: Boolean(group.amsgrad) }),
    ...(kind === 'nadam' && { momentumDecay: group.momentum_decay }),
    ...(group.eps !== undefined && { epsilon: group.eps }),
    ...(group.alpha !== undefined && { decay: group.alpha }),
    ...(group.rho !== undefined && { decay: group.rho }),
    ...(kind === 'rmsprop' && { momentum: group.momentum ?? 0, centered: Boolean(group.centered) }),
    ...(kind === 'adagrad' && {
      initialAccumulator: group.initial_accumulator_value,
      lrDecay: group.lr_decay ?? 0,
    }),
    weightDecay: group.weight_decay ?? 0,
    decoupled: type === 'AdamW' || Boolean(group.decoupled_weight_decay),
    maximize: Boolean(group.maximize),
    ...(learningRates && { learningRates, byEpoch }),
    clipnorm: clip.clipnorm ?? null,
    clipvalue: clip.clipvalue ?? null,
    globalClipnorm: clip.globalClipnorm ?? null,
  };
}

/** A side's optimizer; undefined where it has none. */
export function optimizerOf({ description }: Side): Optimizer | undefined {
  const { optimizer, framework } = description;
  if (!optimizer) return undefined;
  return framework === 'keras'
    ? fromKeras(optimizer.type, optimizer.config!, optimizer.learningRates)
    : fromTorch(
        optimizer.type,
        optimizer.groups![0] ?? {},
        optimizer.clip,
        optimizer.learningRates,
        optimizer.byEpoch,
      );
}

/** How a weight is held small: what is added to its gradient, or taken off the weight itself. */
export interface Decay {
  /** λ of λ·w in the gradient. */
  readonly coupled: number;
  /** λ of lr·λ·w, beside the gradient. */
  readonly decoupled: number;
  /** λ of λ·sign(w) in the gradient. */
  readonly l1: number;
}

export function decayOf(side: Side, weight: string): Decay {
  const optimizer = optimizerOf(side);
  const { description } = side;
  const penalty = description.penalties?.[weight];
  if (description.framework === 'keras') {
    return {
      coupled: 2 * (penalty?.l2 ?? 0),
      decoupled: Number(optimizer?.weightDecay ?? 0),
      l1: penalty?.l1 ?? 0,
    };
  }
  const group = description.optimizer?.groups?.find(({ weights }) => weights.includes(weight));
  const decay = Number(group?.weight_decay ?? 0);
  return optimizer?.decoupled
    ? { coupled: 0, decoupled: decay, l1: 0 }
    : { coupled: decay, decoupled: 0, l1: 0 };
}

/** Whether a weight changes in a step: it isn't frozen, and an optimizer has it. */
export function trained({ description }: Side, weight: string): boolean {
  const known = description.weights.find(({ name }) => name === weight);
  const groups = description.optimizer?.groups;
  const given = !groups || groups.some(({ weights }) => weights.includes(weight));
  return Boolean(known?.trainable) && given;
}
