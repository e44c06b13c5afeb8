import { activationOf } from './activations';
import { asIs, part } from './slots';
import type { Call, Meaning, Slot } from './unit';

type Shapes = ReadonlyMap<string, readonly number[]>;

const list = (value: unknown, count: number): number[] =>
  Array.isArray(value)
    ? value.length === 1 && count > 1
      ? Array(count).fill(value[0])
      : (value as number[])
    : Array(count).fill(typeof value === 'number' ? value : 0);

/** The padding of each axis, before and after. */
function padding(value: unknown, kernel: number[], dilation: number[]): [number, number][] {
  return kernel.map((size, axis) => {
    if (value === 'same') {
      const total = dilation[axis]! * (size - 1);
      return [Math.floor(total / 2), total - Math.floor(total / 2)];
    }
    if (value === 'valid' || value === undefined) return [0, 0];
    const each = list(value, kernel.length)[axis]!;
    return [each, each];
  });
}

function convolution(call: Call, shapes: Shapes, transpose: boolean): Meaning {
  const kernelName = call.weights.find((name) => (shapes.get(name)?.length ?? 0) > 1);
  const shape = kernelName ? shapes.get(kernelName)! : [0, 0];
  const kernel = [...shape.slice(2)];
  const { config } = call;
  const dilation = list(config.dilation ?? 1, kernel.length);
  const slots = named(call, shapes, ['kernel', 'bias']);
  return {
    kind: transpose ? 'convTranspose' : 'conv',
    settings: {
      kernel,
      stride: list(config.stride ?? 1, kernel.length),
      dilation,
      groups: (config.groups as number | undefined) ?? 1,
      pad: padding(config.padding ?? 0, kernel, dilation),
      ...(transpose && {
        crop: list(config.padding ?? 0, kernel.length).map((size, axis) => [
          size,
          size - list(config.output_padding ?? 0, kernel.length)[axis]!,
        ]),
      }),
      mode: config.padding_mode ?? 'zeros',
    },
    slots,
  };
}

/** Weights by their role: the last part of the name tells, and for functions the order. */
function named(call: Call, shapes: Shapes, roles: readonly string[]): Record<string, Slot> {
  const slots: Record<string, Slot> = {};
  call.weights.forEach((name, i) => {
    const own = name.split('.').at(-1)!;
    const role = call.module ? (own === 'bias' ? roles[1] : roles[0]) : roles[i];
    if (role && shapes.has(name)) slots[role] = asIs(name, shapes.get(name)!);
  });
  return slots;
}

function recurrent(call: Call, shapes: Shapes): Meaning[] {
  const { config, path } = call;
  const layers = config.num_layers as number;
  const kind = { LSTM: 'lstm', GRU: 'gru' }[call.type] ?? 'rnn';
  const directions = config.bidirectional ? ['', '_reverse'] : [''];
  return Array.from({ length: layers }, (_, layer) => {
    const slots: Record<string, Slot> = {};
    for (const suffix of directions) {
      for (const [role, own] of [
        ['inputKernel', 'weight_ih'],
        ['recurrentKernel', 'weight_hh'],
        ['inputBias', 'bias_ih'],
        ['recurrentBias', 'bias_hh'],
      ] as const) {
        const name = `${path ? `${path}.` : ''}${own}_l${layer}${suffix}`;
        const shape = shapes.get(name);
        if (shape) slots[suffix ? `reverse.${role}` : role] = asIs(name, shape);
      }
    }
    return {
      kind: kind as Meaning['kind'],
      settings: {
        units: config.hidden_size,
        bidirectional: Boolean(config.bidirectional),
        batchFirst: Boolean(config.batch_first),
        resetAfter: true,
        activation: { fn: kind === 'rnn' ? (config.nonlinearity ?? 'tanh') : 'tanh' },
        ...(kind !== 'rnn' && { recurrentActivation: { fn: 'sigmoid' } }),
        dropout: config.dropout ?? 0,
        layers,
      },
      slots,
      hidden: layer < layers - 1,
    };
  });
}

function attention({ path, config }: Call, shapes: Shapes): Meaning {
  const slots: Record<string, Slot> = {};
  const prefix = path ? `${path}.` : '';
  for (const [own, suffix] of [
    ['in_proj_weight', 'Kernel'],
    ['in_proj_bias', 'Bias'],
  ] as const) {
    const name = `${prefix}${own}`;
    const shape = shapes.get(name);
    if (!shape) continue;
    for (const [i, of] of ['query', 'key', 'value'].entries()) {
      slots[`${of}${suffix}`] = part(name, shape, i, 3);
    }
  }
  for (const [own, role] of [
    ['out_proj.weight', 'outputKernel'],
    ['out_proj.bias', 'outputBias'],
  ] as const) {
    const shape = shapes.get(`${prefix}${own}`);
    if (shape) slots[role] = asIs(`${prefix}${own}`, shape);
  }
  return {
    kind: 'attention',
    settings: {
      heads: config.num_heads,
      dropout: config.dropout ?? 0,
      batchFirst: Boolean(config.batch_first),
      blocked: config.blocked ?? null,
    },
    slots,
  };
}

function pooling(call: Call, average: boolean): Meaning {
  const { config } = call;
  const axes = (call.in[0]?.length ?? 4) - 2;
  const size = list(config.kernel_size, axes);
  const dilation = list(config.dilation ?? 1, axes);
  return {
    kind: 'pool',
    settings: {
      fn: average ? 'average' : 'max',
      size,
      stride:
        config.stride == null || (Array.isArray(config.stride) && config.stride.length === 0)
          ? size
          : list(config.stride, axes),
      pad: padding(config.padding ?? 0, size, dilation),
      ceil: Boolean(config.ceil_mode),
      countsPadding: average ? config.count_include_pad !== false : false,
    },
  };
}

const shapeTypes = new Set([
  'flatten',
  'Flatten',
  'view',
  'reshape',
  'permute',
  'transpose',
  'squeeze',
  'unsqueeze',
  '__getitem__',
  'select',
  'chunk',
  'split',
  'movedim',
  'swapaxes',
  'expand',
  'Identity',
  'unbind',
  'narrow',
  'Unflatten',
  'unflatten',
  'repeat',
  'mT',
  'T',
  't',
  'index_select',
  'swapdims',
  'view_as',
  'expand_as',
  'type_as',
  'adjoint',
]);

const merges: Readonly<Record<string, string>> = {
  add: 'add',
  __add__: 'add',
  __radd__: 'add',
  __iadd__: 'add',
  cat: 'concat',
  concat: 'concat',
  concatenate: 'concat',
  mul: 'multiply',
  __mul__: 'multiply',
  sub: 'subtract',
  __sub__: 'subtract',
  matmul: 'matmul',
  bmm: 'matmul',
  maximum: 'maximum',
  minimum: 'minimum',
  stack: 'stack',
  div: 'divide',
  __rmul__: 'multiply',
  __imul__: 'multiply',
  __truediv__: 'divide',
  __itruediv__: 'divide',
  true_divide: 'divide',
  __isub__: 'subtract',
  __rsub__: 'subtract',
  rsub: 'subtract',
};

/** What a recorded call of PyTorch means: nothing, one unit, or several. */
export function torchMeaning(call: Call, shapes: Shapes): Meaning[] {
  const { type, config } = call;
  const simple = type.toLowerCase().replace(/_/g, '').replace(/^lazy/, '');
  if (/^conv[123]d$/.test(simple)) return [convolution(call, shapes, false)];
  if (/^convtranspose[123]d$/.test(simple)) return [convolution(call, shapes, true)];
  if (simple === 'linear')
    return [{ kind: 'linear', slots: named(call, shapes, ['kernel', 'bias']) }];
  if (simple === 'embedding') {
    return [
      {
        kind: 'embedding',
        settings: { paddingIndex: config.padding_idx ?? null },
        slots: named(call, shapes, ['table']),
      },
    ];
  }
  if (/^batchnorm([123]d)?$/.test(simple)) {
    const slots = named(call, shapes, ['scale', 'shift']);
    const prefix = call.path ? `${call.path}.` : '';
    for (const [role, own] of [
      ['mean', 'running_mean'],
      ['variance', 'running_var'],
    ] as const) {
      const shape = shapes.get(`${prefix}${own}`);
      if (shape && call.module) slots[role] = asIs(`${prefix}${own}`, shape);
    }
    return [
      {
        kind: 'batchNorm',
        settings: {
          epsilon: config.eps ?? 1e-5,
          share: config.momentum === undefined ? 0.1 : config.momentum,
          biased: false,
          tracks: config.track_running_stats !== false,
        },
        slots,
      },
    ];
  }
  if (simple === 'layernorm') {
    return [
      {
        kind: 'layerNorm',
        settings: { epsilon: config.eps ?? 1e-5 },
        slots: named(call, shapes, ['scale', 'shift']),
      },
    ];
  }
  if (simple === 'groupnorm') {
    return [
      {
        kind: 'groupNorm',
        settings: { epsilon: config.eps ?? 1e-5, groups: config.num_groups },
        slots: named(call, shapes, ['scale', 'shift']),
      },
    ];
  }
  if (type === 'LSTM' || type === 'GRU' || type === 'RNN') return recurrent(call, shapes);
  if (type === 'MultiheadAttention') return [attention(call, shapes)];
  if (type === 'PReLU') return [{ kind: 'prelu', slots: named(call, shapes, ['slope']) }];
  const activation = activationOf('torch', type, config);
  if (activation) return [activation];
  if (/^(max|avg)pool[123]d$/.test(simple)) return [pooling(call, simple.startsWith('avg'))];
  if (/^adaptive(avg|max)pool[123]d$/.test(simple)) {
    const size = config.output_size;
    const one = size === 1 || (Array.isArray(size) && size.every((value) => value === 1));
    const fn = simple.includes('avg') ? 'average' : 'max';
    return [
      one
        ? { kind: 'globalPool', settings: { fn } }
        : { kind: 'pool', settings: { fn, adaptive: size } },
    ];
  }
  if (['mean', 'amax', 'max'].includes(simple) && overMaps(call)) {
    return [{ kind: 'globalPool', settings: { fn: simple === 'mean' ? 'average' : 'max' } }];
  }
  if (/dropout/.test(simple)) {
    return [
      {
        kind: 'dropout',
        settings: {
          rate: config.p ?? 0.5,
          always: !call.module && config.training !== false,
          spatial: /\dd$/.test(simple),
        },
      },
    ];
  }
  if (simple === 'pad' || /pad[123]d$/.test(simple)) {
    const pads = (config.pad ?? config.padding) as number[] | number;
    const axes = (call.in[0]?.length ?? 4) - 2;
    const flat = Array.isArray(pads) ? pads : Array(2 * axes).fill(pads);
    const pad: [number, number][] = [];
    for (let i = 0; i < flat.length; i += 2) pad.unshift([flat[i]!, flat[i + 1]!]);
    const mode = simple.startsWith('reflection') ? 'reflect' : (config.mode ?? 'constant');
    return [{ kind: 'pad', settings: { pad, mode, value: config.value ?? 0 } }];
  }
  if (simple === 'interpolate' || simple.startsWith('upsample')) {
    const written = String(config.mode ?? 'nearest');
    const mode = written === 'nearest-exact' ? 'nearest' : written;
    // Enlarging by a whole factor, each pixel is repeated either way.
    const [from = [], to = []] = [call.in[0], call.out[0]];
    const repeats = to.slice(2).every((size, axis) => size % from[axis + 2]! === 0);
    return [
      {
        kind: 'upsample',
        settings: {
          mode: mode === 'linear' || mode === 'trilinear' ? 'bilinear' : mode,
          corners: Boolean(config.align_corners),
          antialias: Boolean(config.antialias),
          halfPixels: mode === 'nearest' ? repeats || written === 'nearest-exact' : null,
          cubic: mode === 'bicubic' ? (config.antialias ? -0.5 : -0.75) : null,
        },
      },
    ];
  }
  const flips = flipped(call);
  if (flips) return [{ kind: 'shape', settings: { flips } }];
  if (shapeTypes.has(type)) return [{ kind: 'shape' }];
  const divides =
    /^(__floordiv__|floor_divide)$/.test(type) || (type === 'div' && config.rounding_mode);
  if (divides || ['whole', 'floor', 'trunc', 'round'].includes(type))
    return [
      { kind: 'arithmetic', settings: { ...config, fn: 'whole', divides: Boolean(divides) } },
    ];
  const merge = merges[type];
  if (merge) {
    return call.in.length > 1
      ? [{ kind: 'merge', settings: { fn: merge } }]
      : [{ kind: 'arithmetic', settings: { fn: merge, ...config, reversed: /rsub/.test(type) } }];
  }
  if (call.weights.length > 0) {
    return [
      {
        kind: 'unknown',
        slots: Object.fromEntries(
          call.weights.map((name) => [name, asIs(name, shapes.get(name)!)]),
        ),
      },
    ];
  }
  return [{ kind: 'unknown', settings: { type } }];
}

/** The axes along which a call turns its input round: `flip`, or `x[:, [2, 1, 0]]`. */
function flipped({ type, config, in: [shape = []] }: Call): number[] | undefined {
  const backwards = (value: unknown, size: number | undefined) => {
    const list = Array.isArray(value) ? value : (value as { values?: unknown } | null)?.values;
    return (
      Array.isArray(list) &&
      list.length > 1 &&
      list.length === size &&
      list.every((place, i) => place === list.length - 1 - i)
    );
  };
  if (type === 'flip') return [config.dims ?? config.arg1].flat() as number[];
  if (type === 'index_select')
    return backwards(config.index ?? config.arg2, shape[Number(config.dim ?? config.arg1)])
      ? [Number(config.dim ?? config.arg1)]
      : undefined;
  if (type !== '__getitem__' || !Array.isArray(config.index)) return undefined;
  const { index } = config;
  const dots = index.indexOf('...');
  const found = index.findIndex((part, i) =>
    backwards(part, shape[dots >= 0 && i > dots ? i - index.length + shape.length : i]),
  );
  return found < 0 ? undefined : [dots >= 0 && found > dots ? found - index.length : found];
}

const overMaps = ({ config, in: [shape = []] }: Call): boolean => {
  const dims = [config.dim].flat() as number[];
  const positive = dims.map((axis) => (axis < 0 ? axis + shape.length : axis)).sort();
  return positive.length > 0 && !positive.includes(0) && shape.length - positive.length === 2;
};
