/** Windows for spectra, vectors of `length` numbers (`torch.signal.windows`). */
import { getDefaultDtype, tensor } from '../creation';
import { TorchError } from '../errors';
import { arange, empty, i0, linspace, minimum, ones, rsub } from '../generated/functions';
import type { Tensor } from '../tensor';
import type { DType, TensorOptions } from '../types';

export interface WindowOptions extends TensorOptions {
  /** Symmetric, as for the design of filters, or periodic, as for spectra. Default: true. */
  sym?: boolean;
}

const refuse = (name: string, message: string) => new TorchError(message, 'ValueError', name);

/** The options of a factory, checked: windows are dense and floating. */
function factoryOptions(name: string, length: number, options: WindowOptions) {
  const { sym: _, dtype, layout = 'strided', ...rest } = options;
  const kind: DType = dtype ?? getDefaultDtype();
  if (length < 0) {
    throw refuse(name, `${name} requires non-negative window length, got M=${length}`);
  }
  if (layout !== 'strided') {
    throw refuse(name, `${name} is implemented for strided tensors only, got: torch.${layout}`);
  }
  if (kind !== 'float32' && kind !== 'float64') {
    throw refuse(name, `${name} expects float32 or float64 dtypes, got: torch.${kind}`);
  }
  return { ...rest, dtype: kind };
}

/** `length` numbers from `start`, `step` apart. */
const line = (start: number, step: number, length: number, options: TensorOptions): Tensor =>
  linspace(start * step, (start + (length - 1)) * step, length, options);

/** Where the window is symmetric its last number mirrors its first; else that is one step further. */
const period = (length: number, sym: boolean): number => (sym || length <= 1 ? length - 1 : length);

/** A sum of cosines with the weights `a` (`torch.signal.windows.general_cosine`). */
export function generalCosine(
  length: number,
  { a, ...options }: WindowOptions & { a: readonly number[] },
): Tensor {
  const { sym = true } = options;
  const made = factoryOptions('general_cosine', length, options);
  if (length === 0) return empty([0], made);
  if (length === 1) return ones([1], made);
  if (!Array.isArray(a)) {
    throw new TorchError('Coefficients must be a list/tuple', 'TypeError', 'general_cosine');
  }
  if (a.length === 0) throw refuse('general_cosine', 'Coefficients cannot be empty');
  const step = (2 * Math.PI) / (sym ? length - 1 : length);
  const angles = line(0, step, length, made);
  const weights = tensor(
    a.map((weight, i) => (i % 2 === 0 ? weight : -weight)),
    { dtype: made.dtype },
  );
  const multiples = arange(a.length, { dtype: made.dtype });
  return weights.unsqueeze(-1).mul(multiples.unsqueeze(-1).mul(angles).cos()).sum(0);
}

/** `alpha − (1 − alpha) · cos` (`torch.signal.windows.general_hamming`). */
export function generalHamming(
  length: number,
  { alpha = 0.54, ...options }: WindowOptions & { alpha?: number } = {},
): Tensor {
  return generalCosine(length, { ...options, a: [alpha, 1 - alpha] });
}

/** Hamming's window (`torch.signal.windows.hamming`). */
export const hamming = (length: number, options: WindowOptions = {}): Tensor =>
  generalHamming(length, options);

/** Hann's window (`torch.signal.windows.hann`). */
export const hann = (length: number, options: WindowOptions = {}): Tensor =>
  generalHamming(length, { ...options, alpha: 0.5 });

/** Blackman's window (`torch.signal.windows.blackman`). */
export function blackman(length: number, options: WindowOptions = {}): Tensor {
  factoryOptions('blackman', length, options);
  return generalCosine(length, { ...options, a: [0.42, 0.5, 0.08] });
}

/** Nuttall's window with a continuous first derivative (`torch.signal.windows.nuttall`). */
export const nuttall = (length: number, options: WindowOptions = {}): Tensor =>
  generalCosine(length, { ...options, a: [0.3635819, 0.4891775, 0.1365995, 0.0106411] });

/** A triangle (`torch.signal.windows.bartlett`). */
export function bartlett(length: number, options: WindowOptions = {}): Tensor {
  const { sym = true } = options;
  const made = factoryOptions('bartlett', length, options);
  if (length === 0) return empty([0], made);
  if (length === 1) return ones([1], made);
  const step = 2 / (sym ? length - 1 : length);
  const k = linspace(-1, -1 + (length - 1) * step, length, made);
  return rsub(k.abs(), 1);
}

/** Half a wave of the sine (`torch.signal.windows.cosine`). */
export function cosine(length: number, options: WindowOptions = {}): Tensor {
  const { sym = true } = options;
  const made = factoryOptions('cosine', length, options);
  if (length === 0) return empty([0], made);
  return line(0.5, Math.PI / (period(length, sym) + 1), length, made).sin();
}

/** `exp(−|k − center| / tau)` (`torch.signal.windows.exponential`). */
export function exponential(
  length: number,
  options: WindowOptions & { center?: number | null; tau?: number } = {},
): Tensor {
  const { center, tau = 1, ...rest } = options;
  const { sym = true } = rest;
  const made = factoryOptions('exponential', length, rest);
  if (tau <= 0) throw refuse('exponential', `Tau must be positive, got: ${tau} instead.`);
  if (sym && center != null) {
    throw refuse('exponential', 'Center must be None for symmetric windows');
  }
  if (length === 0) return empty([0], made);
  return line(-(center ?? period(length, sym) / 2), 1 / tau, length, made)
    .abs()
    .neg()
    .exp();
}

/** `exp(−k² / 2 std²)` (`torch.signal.windows.gaussian`). */
export function gaussian(
  length: number,
  { std = 1, ...options }: WindowOptions & { std?: number } = {},
): Tensor {
  const { sym = true } = options;
  const made = factoryOptions('gaussian', length, options);
  if (std <= 0) {
    throw refuse('gaussian', `Standard deviation must be positive, got: ${std} instead.`);
  }
  if (length === 0) return empty([0], made);
  const k = line(-period(length, sym) / 2, 1 / (std * Math.SQRT2), length, made);
  return k.pow(2).neg().exp();
}

/** Kaiser's window (`torch.signal.windows.kaiser`). */
export function kaiser(
  length: number,
  { beta = 12, ...options }: WindowOptions & { beta?: number } = {},
): Tensor {
  const { sym = true } = options;
  const made = factoryOptions('kaiser', length, options);
  if (beta < 0) throw refuse('kaiser', `beta must be non-negative, got: ${beta} instead.`);
  if (length === 0) return empty([0], made);
  if (length === 1) return ones([1], made);
  const shape = tensor(beta, { dtype: made.dtype });
  const start = shape.neg();
  const step = shape.mul({ float: 2 }).div(sym ? length - 1 : length);
  const end = minimum(shape, start.add(step.mul(length - 1)));
  const k = linspace(start, end, length, made);
  return i0(shape.mul(shape).sub(k.pow(2)).sqrt()).div(i0(shape));
}
