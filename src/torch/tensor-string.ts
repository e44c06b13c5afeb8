import { noGrad } from './autograd';
import { getDefaultDtype, tensor as makeTensor } from './creation';
import type { Tensor } from './tensor';
import type { Complex, Nested } from './types';

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

interface Layout {
  readonly style: Style;
  /** Sizes of the dimensions before anything was left out. */
  readonly shape: readonly number[];
  readonly summarize: boolean;
}

function write(values: Nested<Element>, dim: number, indent: number, layout: Layout): string {
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

/** What follows the values: whatever is not the default. */
function suffixes(tensor: Tensor): string[] {
  const { dtype, device, shape, layout } = tensor;
  const size = `size=(${shape.join(', ')}${shape.length === 1 ? ',' : ''})`;
  const floating = getDefaultDtype();
  const complex = floating === 'float64' ? 'complex128' : 'complex64';
  const usual = [floating, complex, 'int64', 'bool'].includes(dtype);
  const empty = tensor.numel() === 0 || device === 'meta';
  const shown: string[] = [];
  if (device !== 'cpu') shown.push(`device='${device}'`);
  if (device === 'meta' || (empty && shape.length !== 1)) shown.push(size);
  if (empty ? dtype !== floating : !usual) shown.push(`dtype=torch.${dtype}`);
  if (layout !== 'strided') shown.push(`layout=torch.${layout}`);
  const { gradFn } = tensor;
  if (gradFn) shown.push(`grad_fn=${gradFn}`);
  else if (tensor.requiresGrad) shown.push('requires_grad=True');
  return shown;
}

/** A tensor as PyTorch prints it (`torch.Tensor.__repr__`), at PyTorch's default print options. */
export function format(tensor: Tensor): string {
  const prefix = 'tensor(';
  const indent = prefix.length;
  const dense = tensor.layout === 'strided' ? tensor : tensor.toDense();
  let text = prefix + (tensor.device === 'meta' ? '...' : noGrad(() => contents(dense, indent)));
  // PyTorch's own count, which is two more than the line's length.
  let lastLine = text.length - text.lastIndexOf('\n') + 1;
  for (const suffix of suffixes(tensor)) {
    if (lastLine + suffix.length + 2 > print.linewidth) {
      text += `,\n${' '.repeat(indent)}${suffix}`;
      lastLine = indent + suffix.length;
    } else {
      text += `, ${suffix}`;
      lastLine += suffix.length + 2;
    }
  }
  return `${text})`;
}
