import type * as Tfjs from '@tensorflow/tfjs-node';
import { ProgramError } from './loader';
import { snake } from './values';

type Tf = typeof Tfjs;
// biome-ignore lint/suspicious/noExplicitAny: losses of any kind are wrapped.
type Loss = (...args: any[]) => Tfjs.Tensor;

/** A loss under Keras' name. */
export interface KnownLoss {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

interface Heard {
  readonly of: 'losses' | 'metrics' | 'tandem';
  readonly name: string;
  readonly args: readonly unknown[];
  readonly result: Tfjs.Tensor;
}

let heard: Heard[] | undefined;

/** A loss whose calls are heard while a program's own loss is tried. */
export const listened = (of: Heard['of'], name: string, original: Loss): Loss =>
  Object.assign((...args: unknown[]) => {
    const result = original(...args);
    heard?.push({ of, name, args, result });
    return result;
  }, original);

/** Lets the losses and metrics of TensorFlow.js be heard; called once. */
export function listenToLosses(tf: Tf): void {
  for (const group of ['losses', 'metrics'] as const) {
    const namespace = tf[group] as unknown as Record<string, Loss>;
    for (const [name, original] of Object.entries(namespace))
      namespace[name] = listened(group, name, original);
  }
}

const names: Readonly<Record<string, string>> = {
  mse: 'mean_squared_error',
  mae: 'mean_absolute_error',
  absoluteDifference: 'mean_absolute_error',
  huberLoss: 'huber',
  binaryCrossentropy: 'binary_crossentropy',
  categoricalCrossentropy: 'categorical_crossentropy',
  sparseCategoricalCrossentropy: 'sparse_categorical_crossentropy',
};

/** A loss by the name that `model.compile` takes. */
export const lossByName = (name: string): KnownLoss => ({
  name: names[name] ?? snake(name),
  config: {},
});

/**
 * Which loss a program's function of target and output is, from a trial: it may call one loss of
 * TensorFlow.js. Throws ProgramError where it computes something of its own.
 */
export function lossOf(tf: Tf, loss: Loss, shape: readonly (number | null)[]): KnownLoss {
  const own = shape.map((size) => size ?? 2);
  tf.engine().startScope();
  try {
    const output = tf.sigmoid(tf.randomNormal(own, 0, 1, 'float32', 0)) as Tfjs.Tensor;
    const indices = tf.zeros(own.slice(0, -1), 'int32');
    const flat = tf.zeros(own.slice(0, -1));
    for (const target of [tf.zeros(own), indices, flat]) {
      heard = [];
      try {
        const value = loss(target, output);
        const [call, ...more] = heard.filter(({ result }) => result === value);
        if (call && more.length === 0) return described(call, target);
      } catch {
        // It takes targets of another form.
      } finally {
        heard = undefined;
      }
    }
    throw new ProgramError(
      "can't tell what `loss` computes: export the name of a loss, or a function that returns one call of tf.losses or tf.metrics",
    );
  } finally {
    tf.engine().endScope();
  }
}

function described({ of, name, args }: Heard, target: Tfjs.Tensor): KnownLoss {
  const [labels, , weights, setting] = args;
  const direct = labels === target;
  if (of === 'metrics') return lossByName(name);
  if (weights !== undefined && weights !== null && of === 'losses') {
    throw new ProgramError('`loss` gives weights, which are not compared');
  }
  const sparse = direct ? 'categorical_crossentropy' : 'sparse_categorical_crossentropy';
  switch (name) {
    case 'softmaxCrossEntropyWithLogits':
      return { name: sparse, config: { from_logits: true } };
    case 'softmaxCrossEntropy':
      return {
        name: sparse,
        config: { from_logits: true, ...(setting ? { label_smoothing: setting } : {}) },
      };
    case 'sigmoidCrossEntropy':
      return {
        name: 'binary_crossentropy',
        config: { from_logits: true, ...(setting ? { label_smoothing: setting } : {}) },
      };
    case 'huberLoss':
      return { name: 'huber', config: { delta: setting ?? 1 } };
    default:
      return lossByName(name);
  }
}
