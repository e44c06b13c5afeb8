import { type Bound, bind } from '../arguments';
import { isOptions } from '../dispatch';
import { TorchError } from '../errors';
import { empty, randint, viewAsReal } from '../generated/functions';
import { warn } from '../nn/functional/warning';
import { finfo, iinfo } from '../number-info';
import { numberText } from '../optim/python-text';
import type { Tensor } from '../tensor';
import type { Device, DType, MemoryFormat } from '../types';

interface Needed {
  dtype: DType;
  device: Device;
}
export interface MakeTensorOptions {
  /** From here on, -9 by default (0 for booleans) … */
  low?: number | null;
  /** … up to below here, 9 by default (10 for whole numbers, 2 for booleans). */
  high?: number | null;
  requiresGrad?: boolean;
  /** Whether the elements have gaps between them. */
  noncontiguous?: boolean;
  /** Puts the smallest number in the place of each 0. */
  excludeZero?: boolean;
  memoryFormat?: MemoryFormat | null;
}

const refuse = (message: string, code = 'ValueError') => new TorchError(message, code);
const whole = /^(u?int\d+|bool)$/;
const small = /^float8/;

/** The bounds of the values, as PyTorch clamps them. */
function bounds(
  { dtype, low: givenLow, high: givenHigh }: Bound<Needed, MakeTensorOptions>,
  [lowest, highest]: readonly [number, number],
  defaults: readonly [number, number],
): [low: number, high: number] {
  const [low, high] = [givenLow ?? defaults[0], givenHigh ?? defaults[1]];
  if (Number.isNaN(low) || Number.isNaN(high)) {
    throw refuse(
      `\`low\` and \`high\` cannot be NaN, but got low=${numberText(low)} and high=${numberText(high)}`,
    );
  }
  if (low === high && !whole.test(dtype) && !small.test(dtype)) {
    warn(
      'Passing `low==high` to `torch.testing.make_tensor` for floating or complex types is deprecated since 2.1 and will be removed in 2.3. Use `torch.full(...)` instead.',
    );
  } else if (low >= high) {
    throw refuse(
      `\`low\` must be less than \`high\`, but got ${numberText(low)} >= ${numberText(high)}`,
    );
  } else if (high < lowest || low >= highest) {
    throw refuse(
      `The value interval specified by \`low\` and \`high\` is [${numberText(low)}, ${numberText(high)}), but torch.${dtype} only supports [${numberText(lowest)}, ${numberText(highest)})`,
    );
  }
  const clamp = (value: number) => Math.min(Math.max(value, lowest), highest);
  const all: [number, number] = [clamp(low), clamp(high)];
  return whole.test(dtype) ? [Math.ceil(all[0]), Math.ceil(all[1])] : all;
}

function uniform(tensor: Tensor, [low, high]: [number, number]): Tensor {
  if (high - low < finfo(tensor.dtype).max) return tensor.uniform_(low, high);
  return tensor.uniform_(low / 2, high / 2).mul_(2);
}

/** The largest floats of eight bits. */
const largest: Partial<Record<DType, number>> = {
  float8_e4m3fn: 448,
  float8_e5m2: 57344,
  float8_e4m3fnuz: 240,
  float8_e5m2fnuz: 57344,
};
function limits(dtype: DType): { min: number; max: number } {
  const max = largest[dtype];
  return max === undefined ? finfo(dtype) : { min: -max, max };
}

/** Draws the values of a shape. */
function drawn(shape: number[], given: Bound<Needed, MakeTensorOptions>): Tensor {
  const { dtype, device } = given;
  if (dtype === 'bool') {
    return randint(...bounds(given, [0, 2], [0, 2]), shape, { dtype, device });
  }
  if (whole.test(dtype)) {
    const { min, max } = iinfo(dtype);
    const most = Number(max) + (dtype === 'int64' ? 0 : 1);
    return randint(...bounds(given, [Number(min), most], [-9, 10]), shape, { dtype, device });
  }
  if (!/^(float|bfloat|complex)/.test(dtype)) {
    throw refuse(
      `The requested dtype 'torch.${dtype}' is not supported by torch.testing.make_tensor(). To request support, file an issue at: https://github.com/pytorch/pytorch/issues`,
      'TypeError',
    );
  }
  const { min, max } = limits(dtype);
  const range = bounds(given, [min, max], [-9, 9]);
  if (small.test(dtype)) {
    return uniform(empty(shape, { dtype: 'float32', device }), range).to(dtype);
  }
  const result = empty(shape, { dtype, device });
  uniform(result.isComplex() ? viewAsReal(result) : result, range);
  return result;
}

/**
 * A tensor of a shape, dtype and device with values drawn evenly from `[low, high)` (`torch.testing.make_tensor`).
 * Throws TorchError for bounds that the dtype doesn't have.
 *
 * @example
 * torch.testing.makeTensor([2, 3], { dtype: 'float32', device: 'cpu', low: -1, high: 1 });
 */
export function makeTensor(
  ...args: [...shape: (number | readonly number[])[], options: Needed & MakeTensorOptions]
): Tensor {
  const rest: unknown[] = [...args];
  const options = isOptions(rest.at(-1)) ? [rest.pop()] : [];
  const given = bind<Bound<Needed, MakeTensorOptions>>('make_tensor', options);
  const { dtype, requiresGrad, noncontiguous, excludeZero, memoryFormat } = given;
  const shape = rest.flat() as number[];
  if (noncontiguous && memoryFormat !== null) {
    throw refuse(
      `The parameters \`noncontiguous\` and \`memory_format\` are mutually exclusive, but got noncontiguous=True and memory_format=torch.${memoryFormat}`,
    );
  }
  if (requiresGrad && whole.test(dtype)) {
    throw refuse(
      `\`requires_grad=True\` is not supported for boolean and integral dtypes, but got dtype=torch.${dtype}`,
    );
  }
  const gaps = noncontiguous && shape.reduce((a, b) => a * b, 1) > 1;
  const last = shape.at(-1) ?? 0;
  let result = drawn(gaps ? [...shape.slice(0, -1), 2 * last] : shape, given);
  if (gaps) result = result.index('..., 1::2');
  else if (memoryFormat !== null) result = result.clone({ memoryFormat });
  if (excludeZero) {
    result.maskedFill_(result.eq(0), whole.test(dtype) ? 1 : finfo(dtype).tiny);
  }
  if (requiresGrad && !small.test(dtype)) result.requiresGrad_();
  return result;
}
