import { sizeOf } from '../arrays';
import { activationOf } from './activations';
import { asIs, gates, part, permuted } from './slots';
import type { Call, Meaning, Slot } from './unit';

type Shapes = ReadonlyMap<string, readonly number[]>;
type Config = Readonly<Record<string, unknown>>;

const list = (value: unknown, count: number): number[] =>
  Array.isArray(value)
    ? (value as number[])
    : Array(count).fill(typeof value === 'number' ? value : 1);

/** What "same" pads: the least that gives ceil(size / stride), more of it after than before. */
function padding(
  kind: unknown,
  sizes: readonly number[],
  kernel: number[],
  stride: number[],
  dilation: number[],
): [number, number][] {
  return kernel.map((size, axis) => {
    const span = (size - 1) * dilation[axis]! + 1;
    if (kind === 'causal') return [span - 1, 0];
    if (kind !== 'same') return [0, 0];
    const out = Math.ceil(sizes[axis]! / stride[axis]!);
    const total = Math.max(0, (out - 1) * stride[axis]! + span - sizes[axis]!);
    return [Math.floor(total / 2), total - Math.floor(total / 2)];
  });
}

const spatial = ({ config, in: [shape = []] }: Call): number[] =>
  config.data_format === 'channels_first' ? shape.slice(2) : shape.slice(1, -1);

/** The weights of a layer by the last part of their names. */
const own = (call: Call): Map<string, string> =>
  new Map(call.weights.map((name) => [name.split('/').at(-1)!.replace(/:\d+$/, ''), name]));

function convolution(call: Call, shapes: Shapes): Meaning[] {
  const { config, type } = call;
  const names = own(call);
  const axes = Number(/(\d)D/.exec(type)![1]);
  const kernel = list(config.kernel_size, axes);
  const stride = list(config.strides ?? 1, axes);
  const dilation = list(config.dilation_rate ?? 1, axes);
  const pad = padding(config.padding, spatial(call), kernel, stride, dilation);
  const order = kernel.map((_, i) => i);
  const bias = names.get('bias');
  const biasSlot: Record<string, Slot> = bias ? { bias: asIs(bias, shapes.get(bias)!) } : {};
  const settings = {
    kernel,
    stride,
    dilation,
    pad,
    mode: 'zeros',
    same: config.padding === 'same',
    groups: (config.groups as number) ?? 1,
  };
  /** `[…, in, multiplier]` as one filter for each channel. */
  const depthwise = (name: string): { slots: Record<string, Slot>; channels: number } => {
    const shape = shapes.get(name)!;
    const [channels, multiplier] = shape.slice(-2) as [number, number];
    return {
      channels,
      slots: {
        kernel: permuted(name, shape, [axes, axes + 1, ...order], {
          to: [channels * multiplier, 1, ...kernel],
        }),
      },
    };
  };
  if (type.startsWith('Separable')) {
    const { slots, channels } = depthwise(names.get('depthwise_kernel')!);
    const point = names.get('pointwise_kernel')!;
    const ones = kernel.map(() => 1);
    return [
      { kind: 'conv', settings: { ...settings, groups: channels }, slots, hidden: true },
      {
        kind: 'conv',
        settings: {
          kernel: ones,
          stride: ones,
          dilation: ones,
          pad: ones.map(() => [0, 0]),
          groups: 1,
          mode: 'zeros',
        },
        slots: {
          kernel: permuted(point, shapes.get(point)!, [axes + 1, axes, ...order]),
          ...biasSlot,
        },
      },
    ];
  }
  if (type.startsWith('Depthwise')) {
    const { slots, channels } = depthwise(names.get('kernel') ?? names.get('depthwise_kernel')!);
    return [
      {
        kind: 'conv',
        settings: { ...settings, groups: channels },
        slots: { ...slots, ...biasSlot },
      },
    ];
  }
  const name = names.get('kernel')!;
  const slots = {
    kernel: permuted(name, shapes.get(name)!, [axes + 1, axes, ...order]),
    ...biasSlot,
  };
  if (type.endsWith('Transpose')) {
    // What is cut off the whole result; below zero, what is added to it.
    const crop = kernel.map((size, axis) => {
      const over = (size - 1) * dilation[axis]! + 1 - stride[axis]!;
      if (config.padding !== 'same') return [0, Math.min(0, over)];
      return [Math.floor(Math.max(0, over) / 2), over - Math.floor(Math.max(0, over) / 2)];
    });
    return [{ kind: 'convTranspose', settings: { ...settings, crop }, slots }];
  }
  return [{ kind: 'conv', settings, slots }];
}

/** The slots of one recurrent cell. */
function cell(
  kind: string,
  names: Map<string, string>,
  shapes: Shapes,
  prefix = '',
): Record<string, Slot> {
  // Keras has z, r, h where PyTorch has r, z, n; the gates of an LSTM stand in one order.
  const order = kind === 'gru' ? [1, 0, 2] : kind === 'lstm' ? [0, 1, 2, 3] : [0];
  const slots: Record<string, Slot> = {};
  for (const [role, last] of [
    ['inputKernel', 'kernel'],
    ['recurrentKernel', 'recurrent_kernel'],
  ] as const) {
    const name = names.get(last);
    if (name) slots[`${prefix}${role}`] = gates(permuted(name, shapes.get(name)!, [1, 0]), order);
  }
  const bias = names.get('bias');
  if (bias) {
    const shape = shapes.get(bias)!;
    if (shape.length === 2) {
      slots[`${prefix}inputBias`] = gates(part(bias, shape, 0, 2), order);
      slots[`${prefix}recurrentBias`] = gates(part(bias, shape, 1, 2), order);
    } else slots[`${prefix}inputBias`] = gates(asIs(bias, shape), order);
  }
  return slots;
}

const settingsOf = (activation: unknown): Meaning['settings'] =>
  activationOf('keras', 'activation', { activation })?.settings ?? { fn: String(activation) };

function recurrent(call: Call, shapes: Shapes): Meaning | undefined {
  const bidirectional = call.type === 'Bidirectional';
  const inner = bidirectional
    ? (call.config.layer as { class_name: string; config: Config })
    : undefined;
  const config = inner?.config ?? call.config;
  const kind = { LSTM: 'lstm', GRU: 'gru', SimpleRNN: 'rnn' }[inner?.class_name ?? call.type];
  if (!kind) return undefined;
  const slots: Record<string, Slot> = {};
  const parts = bidirectional
    ? [call.weights.slice(0, call.weights.length / 2), call.weights.slice(call.weights.length / 2)]
    : [call.weights];
  parts.forEach((weights, i) => {
    Object.assign(slots, cell(kind, own({ ...call, weights }), shapes, i ? 'reverse.' : ''));
  });
  return {
    kind: kind as Meaning['kind'],
    settings: {
      units: config.units,
      bidirectional,
      batchFirst: true,
      resetAfter: kind !== 'gru' || config.reset_after !== false,
      activation: settingsOf(config.activation ?? 'tanh'),
      ...(kind !== 'rnn' && {
        recurrentActivation: settingsOf(config.recurrent_activation ?? 'sigmoid'),
      }),
      returnsSequences: Boolean(config.return_sequences),
      dropout: config.dropout ?? 0,
      recurrentDropout: config.recurrent_dropout ?? 0,
      stateful: Boolean(config.stateful),
      backwards: Boolean(config.go_backwards),
      mergeMode: call.config.merge_mode ?? 'concat',
    },
    slots,
  };
}

/** Query, key and value as one matrix each, heads side by side; PyTorch stacks the three. */
function attention(call: Call, shapes: Shapes): Meaning {
  const slots: Record<string, Slot> = {};
  for (const name of call.weights) {
    const [, part, last] = /(query|key|value|attention_output)\/(kernel|bias)$/.exec(name) ?? [];
    if (!part || !last) continue;
    const shape = shapes.get(name)!;
    const role = `${part === 'attention_output' ? 'output' : part}${last === 'kernel' ? 'Kernel' : 'Bias'}`;
    if (last === 'bias')
      slots[role] = permuted(
        name,
        shape,
        shape.map((_, i) => i),
        { to: [sizeOf(shape)] },
      );
    else if (part === 'attention_output') {
      slots[role] = permuted(name, shape, [1, 0], { via: [shape[0]! * shape[1]!, shape[2]!] });
    } else slots[role] = permuted(name, shape, [1, 0], { via: [shape[0]!, shape[1]! * shape[2]!] });
  }
  return {
    kind: 'attention',
    settings: {
      heads: call.config.num_heads,
      dropout: call.config.dropout ?? 0,
      batchFirst: true,
      blocked: call.config.blocked ?? null,
    },
    slots,
  };
}

const shapeTypes = new Set([
  'Flatten',
  'Reshape',
  'Permute',
  'Transpose',
  'GetItem',
  'Squeeze',
  'ExpandDims',
  'InputLayer',
  'RepeatVector',
  'Identity',
  'Moveaxis',
  'Swapaxes',
  'Split',
  'Cast',
  'Flip',
  'NotEqual',
]);

const merges: Readonly<Record<string, string>> = {
  Add: 'add',
  Concatenate: 'concat',
  Multiply: 'multiply',
  Subtract: 'subtract',
  Average: 'average',
  Maximum: 'maximum',
  Minimum: 'minimum',
  Dot: 'matmul',
  Matmul: 'matmul',
  Stack: 'stack',
  Divide: 'divide',
  TrueDivide: 'divide',
};

/** TensorFlow's resizing: by half pixels, and cubic as Keys has it. */
const resized = ({ interpolation = 'nearest', antialias }: Config): Record<string, unknown> => ({
  mode: interpolation,
  corners: false,
  antialias: Boolean(antialias) && interpolation !== 'nearest',
  halfPixels: interpolation === 'nearest' ? true : null,
  cubic: interpolation === 'bicubic' ? -0.5 : null,
});

/** What a recorded call of Keras means: nothing, one unit, or several. */
export function kerasMeaning(call: Call, shapes: Shapes): Meaning[] {
  const { type, config } = call;
  if (type === 'TimeDistributed') {
    const inner = config.layer as { class_name: string; config: Config };
    return kerasMeaning({ ...call, type: inner.class_name, config: inner.config }, shapes);
  }
  const names = own(call);
  const slot = (last: string): Slot | undefined => {
    const name = names.get(last);
    return name ? asIs(name, shapes.get(name)!) : undefined;
  };
  const slots = (roles: Record<string, string>): Record<string, Slot> =>
    Object.fromEntries(
      Object.entries(roles).flatMap(([role, last]) => {
        const found = slot(last);
        return found ? [[role, found]] : [];
      }),
    );
  if (/^(Depthwise|Separable)?Conv[123]D(Transpose)?$/.test(type)) return convolution(call, shapes);
  if (type === 'Dense') {
    const name = names.get('kernel')!;
    return [
      {
        kind: 'linear',
        slots: { kernel: permuted(name, shapes.get(name)!, [1, 0]), ...slots({ bias: 'bias' }) },
      },
    ];
  }
  if (type === 'Embedding') {
    return [
      {
        kind: 'embedding',
        settings: { masksZero: Boolean(config.mask_zero) },
        slots: slots({ table: 'embeddings' }),
      },
    ];
  }
  if (type === 'BatchNormalization') {
    return [
      {
        kind: 'batchNorm',
        settings: {
          epsilon: config.epsilon,
          share: Number((1 - (config.momentum as number)).toPrecision(12)),
          momentum: config.momentum,
          biased: true,
          tracks: true,
          trainable: config.trainable,
        },
        slots: slots({
          scale: 'gamma',
          shift: 'beta',
          mean: 'moving_mean',
          variance: 'moving_variance',
        }),
      },
    ];
  }
  if (type === 'LayerNormalization') {
    return [
      {
        kind: 'layerNorm',
        settings: { epsilon: config.epsilon },
        slots: slots({ scale: 'gamma', shift: 'beta' }),
      },
    ];
  }
  if (type === 'GroupNormalization') {
    return [
      {
        kind: 'groupNorm',
        settings: { epsilon: config.epsilon, groups: config.groups },
        slots: slots({ scale: 'gamma', shift: 'beta' }),
      },
    ];
  }
  const cellOf = recurrent(call, shapes);
  if (cellOf) return [cellOf];
  if (type === 'MultiHeadAttention') return [attention(call, shapes)];
  if (type === 'PReLU') return [{ kind: 'prelu', slots: slots({ slope: 'alpha' }) }];
  const activation = activationOf('keras', type, config);
  if (activation) return activation.settings?.fn === 'linear' ? [{ kind: 'shape' }] : [activation];
  const pool = /^(Global)?(Max|Average)Pool(ing)?[123]D$/.exec(type);
  if (pool) {
    const fn = pool[2] === 'Max' ? 'max' : 'average';
    if (pool[1]) return [{ kind: 'globalPool', settings: { fn } }];
    const axes = Number(type.at(-2));
    const size = list(config.pool_size, axes);
    const stride = config.strides == null ? size : list(config.strides, axes);
    const pad = padding(
      config.padding,
      spatial(call),
      size,
      stride,
      size.map(() => 1),
    );
    return [
      {
        kind: 'pool',
        settings: {
          fn,
          size,
          stride,
          pad,
          ceil: false,
          countsPadding: false,
          same: config.padding === 'same',
        },
      },
    ];
  }
  if (
    (type === 'Mean' || type === 'Max') &&
    call.in[0]?.length === (call.out[0]?.length ?? 0) + 2
  ) {
    return [{ kind: 'globalPool', settings: { fn: type === 'Mean' ? 'average' : 'max' } }];
  }
  if (/Dropout/.test(type)) {
    return [
      {
        kind: 'dropout',
        settings: { rate: config.rate, always: false, spatial: type.startsWith('Spatial') },
      },
    ];
  }
  if (/^ZeroPadding[123]D$/.test(type)) {
    const pads = config.padding as number | number[] | number[][];
    const axes = Number(type.at(-2));
    const each = Array.isArray(pads) ? pads : Array(axes).fill(pads);
    const pad =
      axes === 1 && typeof each[0] === 'number'
        ? [each.length === 1 ? [each[0], each[0]] : each]
        : each.map((p) => (Array.isArray(p) ? p : [p, p]));
    return [{ kind: 'pad', settings: { pad, mode: 'constant', value: 0 } }];
  }
  if (/^UpSampling[123]D$/.test(type)) {
    return [
      {
        kind: 'upsample',
        settings: resized(config),
      },
    ];
  }
  if (type === 'Resizing') {
    return [
      {
        kind: 'upsample',
        settings: resized(config),
      },
    ];
  }
  if (type === 'Normalization' && Array.isArray(config.mean)) {
    const mean = config.mean as number[];
    const deviation = (config.variance as number[]).map((x) => Math.max(Math.sqrt(x), 1e-7));
    const scale = deviation.map((x) => (config.invert ? x : 1 / x));
    const offset = mean.map((x, i) => (config.invert ? x : -x / deviation[i]!));
    return [{ kind: 'arithmetic', settings: { fn: 'scale', scale, offset } }];
  }
  if (type === 'Rescaling')
    return [
      { kind: 'arithmetic', settings: { fn: 'scale', scale: config.scale, offset: config.offset } },
    ];
  if (type === 'Masking') return [{ kind: 'shape', settings: { masks: true } }];
  if (type === 'Flip') return [{ kind: 'shape', settings: { flips: [config.axis].flat() } }];
  if (type === 'GetItem' && Array.isArray(config.index)) {
    const { index } = config;
    const turned = (index as { slice?: unknown[] }[]).findIndex((part) => part?.slice?.[2] === -1);
    const axis = (index as unknown[]).includes('...') ? turned - index.length : turned;
    return [{ kind: 'shape', ...(turned >= 0 && { settings: { flips: [axis] } }) }];
  }
  const casts = type === 'Cast' && /int/.test(String(config.dtype));
  if (casts || ['FloorDivide', 'Floor', 'Trunc', 'Round'].includes(type))
    return [
      {
        kind: 'arithmetic',
        settings: { arg1: config.arg1, fn: 'whole', divides: type === 'FloorDivide' },
      },
    ];
  if (shapeTypes.has(type)) return [{ kind: 'shape' }];
  const merge = merges[type];
  if (merge) {
    return call.in.length > 1
      ? [{ kind: 'merge', settings: { fn: merge } }]
      : [{ kind: 'arithmetic', settings: { fn: merge, arg1: config.arg1 } }];
  }
  return [
    {
      kind: 'unknown',
      settings: { type },
      slots: Object.fromEntries(call.weights.map((name) => [name, asIs(name, shapes.get(name)!)])),
    },
  ];
}
