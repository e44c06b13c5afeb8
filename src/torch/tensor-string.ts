import { noGrad } from './autograd';
import { getDefaultDtype, tensor as makeTensor } from './creation';
import { lookUp } from './dispatch';
import { native } from './native';
import { Tensor } from './tensor';
import type { Complex, Layout, Nested } from './types';

/** How tensors are printed (`torch.set_printoptions`). */
export interface PrintOptions {
  /** Digits after the point. */
  precision?: number;
  /** Number of elements beyond which only the edges are shown. */
  threshold?: number;
  /** Elements shown at each edge of a dimension. */
  edgeitems?: number;
  /** Characters of a line. */
  linewidth?: number;
  /** Whether numbers are written with exponents; null leaves it to their sizes. */
  sciMode?: boolean | null;
  /** Several at once, which the others then change. */
  profile?: 'default' | 'short' | 'full';
}

const defaults = { precision: 4, threshold: 1000, edgeitems: 3, linewidth: 80 };

const profiles = {
  default: defaults,
  short: { ...defaults, precision: 2, edgeitems: 2 },
  full: { ...defaults, threshold: Number.POSITIVE_INFINITY },
};

const print: Required<Omit<PrintOptions, 'profile'>> = { ...defaults, sciMode: null };

/** Changes how tensors are printed from now on (`torch.set_printoptions`). */
export function setPrintoptions({ profile, sciMode = null, ...options }: PrintOptions): void {
  Object.assign(print, profile ? profiles[profile] : {}, { sciMode });
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined) print[name as keyof typeof defaults] = value;
  }
}

type Element = number | bigint | boolean | Complex;

/** Decimal digits far beyond a double's precision, so that a tie shows as a 5 and zeros. */
const exact = 40;

/** Python rounds ties to the even digit, JavaScript up: picks between the two. */
function halfEven(long: string, short: string, tie: RegExp): string {
  const match = tie.exec(long);
  if (!match) return short;
  const [, kept, last, rest = ''] = match;
  return Number(last) % 2 === 0 ? kept! + last! + rest : short;
}

/** Python's `{:.4f}`. */
function fixed(value: number): string {
  const tie = new RegExp(`^(-?\\d+\\.\\d{${print.precision - 1}})(\\d)50*$`);
  return halfEven(value.toFixed(exact), value.toFixed(print.precision), tie);
}

/** Python's `{:.4e}`, whose exponent has two digits. */
function scientific(value: number): string {
  const tie = new RegExp(`^(-?\\d\\.\\d{${print.precision - 1}})(\\d)50*(e[+-]\\d+)$`);
  const text = halfEven(value.toExponential(exact), value.toExponential(print.precision), tie);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

const whole = (value: number): string =>
  Math.abs(value) < 1e21 ? value.toFixed(0) : BigInt(value).toString();

/** How all elements of one tensor are written: in one style and one width. */
interface Style {
  readonly width: number;
  format(value: Element): string;
}

function pythonNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return value > 0 ? 'inf' : '-inf';
}

/** The style of floating values: whole, fixed or scientific, by PyTorch's rules. */
function floatStyle(values: readonly number[]): Style {
  const usual = values.filter((value) => Number.isFinite(value) && value !== 0);
  const sizes = usual.map(Math.abs);
  const largest = sizes.reduce((a, b) => Math.max(a, b), 0);
  const smallest = sizes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const isWhole = usual.every(Number.isInteger);
  const isScientific =
    print.sciMode ??
    (usual.length > 0 && (largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4));
  const write = (value: number): string => {
    if (!Number.isFinite(value)) return pythonNumber(value);
    if (isScientific) return scientific(value);
    if (isWhole) return `${Object.is(value, -0) ? '-0' : whole(value)}.`;
    return Object.is(value, -0) ? `-${fixed(0)}` : fixed(value);
  };
  const width = usual.reduce((most, value) => Math.max(most, write(value).length), 1);
  return { width, format: (value) => write(value as number).padStart(width) };
}

/** The style of whole numbers and booleans. */
function plainStyle(values: readonly Element[]): Style {
  const write = (value: Element): string =>
    typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
  const width = values.reduce<number>((most, value) => Math.max(most, write(value).length), 1);
  return { width, format: (value) => write(value).padStart(width) };
}

/** Complex numbers: two styles side by side. */
function complexStyle(values: readonly Complex[]): Style {
  const re = floatStyle(values.map((value) => value.re));
  const im = floatStyle(values.map((value) => value.im));
  return {
    width: re.width + im.width + 1,
    format(value) {
      const { re: real, im: imaginary } = value as Complex;
      const text = `${im.format(imaginary).trimStart()}j`;
      return re.format(real) + (/^[+-]/.test(text) ? text : `+${text}`);
    },
  };
}

/** The part of a large tensor that is shown: the first and last few of each dimension. */
function summarized(tensor: Tensor): Tensor {
  return tensor.shape.reduce((part, size, dim) => {
    if (size <= 2 * print.edgeitems) return part;
    const ends = Array.from({ length: print.edgeitems }, (_, i) => i);
    return part.indexSelect(
      dim,
      makeTensor([...ends, ...ends.map((i) => size - print.edgeitems + i)]),
    );
  }, tensor);
}

interface Writing {
  readonly style: Style;
  /** Sizes of the dimensions before anything was left out. */
  readonly shape: readonly number[];
  readonly summarize: boolean;
}

function write(values: Nested<Element>, dim: number, indent: number, layout: Writing): string {
  const { style, shape, summarize } = layout;
  if (!Array.isArray(values)) return style.format(values as Element);
  const left = summarize && shape[dim]! > 2 * print.edgeitems;
  if (dim === shape.length - 1) {
    const items = (values as Element[]).map((value) => style.format(value));
    if (left) items.splice(print.edgeitems, 0, ' ...');
    const perLine = Math.max(1, Math.floor((print.linewidth - indent) / (style.width + 2)));
    const lines: string[] = [];
    for (let i = 0; i < items.length; i += perLine) {
      lines.push(items.slice(i, i + perLine).join(', '));
    }
    return `[${lines.join(`,\n${' '.repeat(indent + 1)}`)}]`;
  }
  const parts = values.map((value) => write(value, dim + 1, indent + 1, layout));
  if (left) parts.splice(print.edgeitems, 0, '...');
  const breaks = '\n'.repeat(shape.length - dim - 1);
  return `[${parts.join(`,${breaks}${' '.repeat(indent + 1)}`)}]`;
}

function contents(tensor: Tensor, indent: number): string {
  if (tensor.numel() === 0) return '[]';
  const summarize = tensor.numel() > print.threshold;
  const part = summarize ? summarized(tensor) : tensor;
  const values = part.toArray<Element>({ bigint: tensor.dtype.endsWith('int64') });
  const flat = ([values] as unknown[]).flat(Number.POSITIVE_INFINITY as 1) as Element[];
  const style = tensor.isComplex()
    ? complexStyle(flat as Complex[])
    : tensor.isFloatingPoint()
      ? floatStyle(flat as number[])
      : plainStyle(flat);
  return write(values, 0, indent, { style, shape: tensor.shape, summarize });
}

const sizes = ({ shape }: Tensor): string =>
  `size=(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;

/** What follows the values: whatever is not the default. */
function suffixes(tensor: Tensor): string[] {
  const { dtype, isMeta, layout, shape } = tensor;
  const floating = getDefaultDtype();
  const complex = floating === 'float64' ? 'complex128' : 'complex64';
  const usual = [floating, complex, 'int64', 'bool'].includes(dtype);
  const sparse = layout.startsWith('sparse');
  const empty = !sparse && (tensor.numel() === 0 || isMeta);
  const shown: string[] = [];
  if (tensor.device.type !== 'cpu') shown.push(`device='${tensor.device}'`);
  if (sparse || tensor.isQuantized || isMeta || (empty && shape.length !== 1)) {
    shown.push(sizes(tensor));
  }
  if (sparse && !isMeta) shown.push(`nnz=${count([tensor])}`);
  if (empty ? dtype !== floating : !usual) shown.push(`dtype=torch.${dtype}`);
  if (tensor.isQuantized) shown.push(...quantizer(tensor));
  if (layout !== 'strided') shown.push(`layout=torch.${layout}`);
  const { gradFn } = tensor;
  if (gradFn) shown.push(`grad_fn=${gradFn}`);
  else if (tensor.requiresGrad) shown.push('requires_grad=True');
  return shown;
}

const count = lookUp('_nnz', ['']);
const scheme = lookUp('qscheme', ['']);
const schemes = [
  'per_tensor_affine',
  'per_channel_affine',
  'per_tensor_symmetric',
  'per_channel_symmetric',
  'per_channel_affine_float_qparams',
];

/** How a quantised tensor's whole numbers stand for others. */
function quantizer(tensor: Tensor): string[] {
  const name = schemes[scheme([tensor]) as number]!;
  const [scale, zeroPoint] = name.startsWith('per_tensor')
    ? [floatText(tensor.qScale() as number), tensor.qZeroPoint()]
    : [tensor.qPerChannelScales(), tensor.qPerChannelZeroPoints()];
  const axis = name.startsWith('per_tensor') ? [] : [`axis=${tensor.qPerChannelAxis()}`];
  return [
    `quantization_scheme=torch.${name}`,
    `scale=${scale}`,
    `zero_point=${zeroPoint}`,
    ...axis,
  ];
}

const floatText = (value: number) => (Number.isInteger(value) ? `${value}.0` : String(value));

const raw = (name: string) => {
  const run = lookUp(name, ['']);
  return (tensor: Tensor) => run([tensor]) as Tensor;
};

/** The tensors that a sparse one consists of, under Python's names. */
const sparseParts: Partial<Record<Layout, readonly (readonly [string, (t: Tensor) => Tensor])[]>> =
  (() => {
    const rows = [
      ['crow_indices', raw('crow_indices')],
      ['col_indices', raw('col_indices')],
      ['values', raw('values')],
    ] as const;
    const columns = [
      ['ccol_indices', raw('ccol_indices')],
      ['row_indices', raw('row_indices')],
      ['values', raw('values')],
    ] as const;
    return {
      sparse_coo: [
        ['indices', raw('_indices')],
        ['values', raw('_values')],
      ],
      sparse_csr: rows,
      sparse_bsr: rows,
      sparse_csc: columns,
      sparse_bsc: columns,
    };
  })();

function body(tensor: Tensor, indent: number): string {
  const parts = sparseParts[tensor.layout];
  if (parts) {
    const written = parts.map(([name, of]) => {
      const prefix = `${name}=tensor(`;
      if (tensor.isMeta) return `${prefix}...)`;
      const part = of(tensor).detach();
      const size = part.numel() === 0 ? `, ${sizes(part)}` : '';
      return `${prefix}${contents(part, indent + prefix.length)}${size})`;
    });
    return written.join(`,\n${' '.repeat(indent)}`);
  }
  if (tensor.isMeta) return '...';
  if (tensor.isQuantized) return contents(tensor.dequantize(), indent);
  return contents(tensor.layout === 'strided' ? tensor : tensor.toDense(), indent);
}

/** Runs outside of all transforms of torch.func. */
function outsideTransforms<T>(run: () => T): T {
  let count = 0;
  try {
    for (; native.currentTransform(); count++) native.popTransform();
    return run();
  } finally {
    for (; count > 0; count--) native.pushTransform();
  }
}

/** A tensor as PyTorch prints it (`torch.Tensor.__repr__`), at PyTorch's default print options. */
export function format(tensor: Tensor): string {
  const wrapper = native.wrapperOf(tensor.handle);
  if (!wrapper) return plain(tensor);
  // Inside a transform: what it stands for.
  const [kind, level, dim, value] = wrapper;
  const inner = outsideTransforms(() => format(new Tensor(value))).replaceAll(/^(?=.)/gm, '    ');
  return kind === 'batched'
    ? `BatchedTensor(lvl=${level}, bdim=${dim}, value=\n${inner}\n)`
    : `GradTrackingTensor(lvl=${level}, value=\n${inner}\n)`;
}

function plain(tensor: Tensor): string {
  const prefix = 'tensor(';
  const indent = prefix.length;
  let text = prefix + noGrad(() => body(tensor, indent));
  // PyTorch's own count, which is two more than the line's length.
  let lastLine = text.length - text.lastIndexOf('\n') + 1;
  let isBroken = tensor.layout === 'sparse_coo';
  for (const suffix of suffixes(tensor)) {
    if (isBroken || lastLine + suffix.length + 2 > print.linewidth) {
      text += `,\n${' '.repeat(indent)}${suffix}`;
      lastLine = indent + suffix.length;
      isBroken = false;
    } else {
      text += `, ${suffix}`;
      lastLine += suffix.length + 2;
    }
  }
  return `${text})`;
}
