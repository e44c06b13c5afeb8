import { tensor } from '../../creation';
import { TorchError } from '../../errors';
import { stack } from '../../generated/functions';
import { Tensor, type TypedArray } from '../../tensor';

/** What a batch of samples becomes: tensors get a first dimension, structures keep their form. */
export type Collated<Sample> = Sample extends Tensor | number | bigint | boolean | TypedArray
  ? Tensor
  : Sample extends string
    ? string[]
    : Sample extends object
      ? { -readonly [K in keyof Sample]: Collated<Sample[K]> }
      : never;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/**
 * Puts the samples of a batch together (`torch.utils.data.default_collate`): tensors and typed arrays
 * are stacked; numbers become an int64 tensor where all are whole, else a float64 one; booleans and
 * bigints a tensor; strings a list; arrays and records are put together element by element. Throws
 * TorchError for anything else, or where the samples' lengths differ.
 */
export function defaultCollate<Sample>(samples: readonly Sample[]): Collated<Sample> {
  return collate(samples) as Collated<Sample>;
}

function collate(samples: readonly unknown[]): unknown {
  const [first] = samples;
  if (first instanceof Tensor) return stack(samples as Tensor[]);
  if (ArrayBuffer.isView(first)) {
    const tensors = samples.map((sample) => tensor(sample as TypedArray));
    const stacked = stack(tensors);
    for (const each of tensors) each.dispose();
    return stacked;
  }
  switch (typeof first) {
    case 'number': {
      const whole = samples.every(Number.isInteger);
      return tensor(samples as number[], { dtype: whole ? 'int64' : 'float64' });
    }
    case 'boolean':
    case 'bigint':
      return tensor(samples as boolean[]);
    case 'string':
      return [...samples];
  }
  if (Array.isArray(first)) {
    const lists = samples as unknown[][];
    if (lists.some((list) => list.length !== first.length)) {
      throw new TorchError('each element in list of batch should be of equal size', 'RuntimeError');
    }
    return first.map((_, i) => collate(lists.map((list) => list[i])));
  }
  if (isRecord(first)) {
    const records = samples as Record<string, unknown>[];
    return Object.fromEntries(
      Object.keys(first).map((name) => [name, collate(records.map((record) => record[name]))]),
    );
  }
  throw new TorchError(
    'default_collate: batch must contain tensors, typed arrays, numbers, records or lists; ' +
      `found ${nameOf(first)}`,
    'TypeError',
  );
}

const nameOf = (value: unknown): string =>
  value === null || value === undefined ? String(value) : (value as object).constructor.name;

/** A sample as it is, its typed arrays as tensors (`torch.utils.data.default_convert`). */
export function defaultConvert(sample: unknown): unknown {
  if (sample instanceof Tensor) return sample;
  if (ArrayBuffer.isView(sample)) return tensor(sample as TypedArray);
  if (Array.isArray(sample)) return sample.map(defaultConvert);
  if (!isRecord(sample)) return sample;
  return Object.fromEntries(
    Object.entries(sample).map(([name, value]) => [name, defaultConvert(value)]),
  );
}
