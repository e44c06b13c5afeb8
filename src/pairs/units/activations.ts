import type { Meaning } from './unit';

type Settings = Readonly<Record<string, unknown>>;
type Reader = (config: Settings) => Record<string, unknown>;

const plain =
  (fn: string): Reader =>
  () => ({ fn });

const number = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

const softmax =
  (fn: string): Reader =>
  ({ axis, dim }) => ({ fn, axis: (dim ?? axis ?? -1) as number });

/** PyTorch's modules and functions. */
const torch: Readonly<Record<string, Reader>> = {
  relu: plain('relu'),
  relu6: plain('relu6'),
  leakyrelu: ({ negative_slope }) => ({ fn: 'leakyRelu', slope: number(negative_slope, 0.01) }),
  elu: ({ alpha }) => ({ fn: 'elu', alpha: number(alpha, 1) }),
  celu: ({ alpha }) => ({ fn: 'celu', alpha: number(alpha, 1) }),
  selu: plain('selu'),
  gelu: ({ approximate }) => ({ fn: 'gelu', approximate: approximate ?? 'none' }),
  sigmoid: plain('sigmoid'),
  tanh: plain('tanh'),
  softplus: ({ beta }) => ({ fn: 'softplus', beta: number(beta, 1) }),
  softsign: plain('softsign'),
  silu: plain('swish'),
  mish: plain('mish'),
  exp: plain('exponential'),
  hardswish: plain('hardSwish'),
  hardsigmoid: () => ({ fn: 'hardSigmoid', slope: 1 / 6 }),
  hardtanh: ({ min_val, max_val }) =>
    number(min_val, -1) === 0 && number(max_val, 1) === 6
      ? { fn: 'relu6' }
      : { fn: 'hardTanh', low: number(min_val, -1), high: number(max_val, 1) },
  softmax: softmax('softmax'),
  softmax2d: () => ({ fn: 'softmax', axis: 1 }),
  logsoftmax: softmax('logSoftmax'),
  logsigmoid: plain('logSigmoid'),
};

/** Keras' layers, operations and functions. */
const keras: Readonly<Record<string, Reader>> = {
  ...torch,
  relu({ max_value, negative_slope, threshold }) {
    const slope = number(negative_slope, 0);
    if (max_value === 6 && !slope) return { fn: 'relu6' };
    if (slope && max_value == null) return { fn: 'leakyRelu', slope };
    return threshold || max_value != null
      ? { fn: 'relu', maxValue: max_value, threshold }
      : { fn: 'relu' };
  },
  leakyrelu: ({ negative_slope, alpha }) => ({
    fn: 'leakyRelu',
    slope: number(negative_slope ?? alpha, 0.3),
  }),
  gelu: ({ approximate }) => ({ fn: 'gelu', approximate: approximate === true ? 'tanh' : 'none' }),
  // As TensorFlow.js has them.
  hardsigmoidkeras2: () => ({ fn: 'hardSigmoid', slope: 0.2 }),
  gelunew: () => ({ fn: 'gelu', approximate: 'tanh' }),
  swish: plain('swish'),
  exponential: plain('exponential'),
  linear: plain('linear'),
  quickgelu: plain('quickGelu'),
};

/** What a call is if it is an activation; undefined if it isn't. */
export function activationOf(
  framework: 'keras' | 'torch',
  type: string,
  config: Settings,
): Meaning | undefined {
  const name = type.toLowerCase().replace(/_/g, '');
  // Keras' Activation layer has the function's name, or the function with settings, inside.
  if (framework === 'keras' && name === 'activation') {
    const inner = config.activation as
      | string
      | { class_name?: string; config?: Settings }
      | undefined;
    if (typeof inner === 'string') return activationOf(framework, inner, {});
    const settings = typeof inner?.config === 'object' ? inner.config : {};
    return activationOf(framework, inner?.class_name ?? 'linear', settings);
  }
  const table = framework === 'keras' ? keras : torch;
  const read = Object.hasOwn(table, name) ? table[name] : undefined;
  // Leaky ReLU as a function of Keras has another default than the layer.
  if (framework === 'keras' && type === 'leaky_relu' && config.negative_slope === undefined) {
    return { kind: 'activation', settings: { fn: 'leakyRelu', slope: 0.2 } };
  }
  return read && { kind: 'activation', settings: read(config) };
}
