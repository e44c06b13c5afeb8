import { tensor as makeTensor } from './creation';
import { TorchError } from './errors';
import { parseIndices } from './index-text';
import { type Handle, native, settled } from './native';
import { Tensor } from './tensor';
import { ellipsis, type Index, type Integer, type Nested, type Scalar, Slice } from './types';

const refuse = (message: string, code = 'IndexError') => new TorchError(message, code, 'index');

/** Indices as native/indexing.cc reads them: four numbers each, and the tensors among them. */
interface Codes {
  readonly numbers: Float64Array;
  readonly tensors: readonly Handle[];
}

/** As in Python any number is as good as the nearest that counts. */
const within = (bound: Integer): number =>
  Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number(bound), Number.MAX_SAFE_INTEGER));

/** A list as an index; an empty one has no elements from which to infer that it is whole. */
const listed = (index: readonly Nested<Integer | boolean>[]): Tensor =>
  makeTensor(index as Nested<number>, index.length === 0 ? { dtype: 'int64' } : {});

function encode(indices: readonly Index[]): Codes {
  // NaN stands for a bound that is not given.
  const numbers = new Float64Array(4 * indices.length).fill(Number.NaN);
  const tensors: Handle[] = [];
  let at = 0;
  for (const index of indices) {
    if (typeof index === 'number' || typeof index === 'bigint') {
      if (typeof index === 'number' && !Number.isInteger(index)) {
        throw refuse(
          `only whole numbers, slices, the ellipsis, null and tensors are valid indices (got ${index})`,
        );
      }
      if (Math.abs(Number(index)) >= 2 ** 63) {
        throw refuse('Overflow when unpacking long long', 'ValueError');
      }
      numbers[at] = 0;
      numbers[at + 1] = within(index);
    } else if (index instanceof Slice) {
      numbers[at] = 1;
      if (index.start !== null) numbers[at + 1] = within(index.start);
      if (index.stop !== null) numbers[at + 2] = within(index.stop);
      if (index.step !== null) numbers[at + 3] = within(index.step);
    } else if (index === null) {
      numbers[at] = 2;
    } else if (index === ellipsis) {
      numbers[at] = 3;
    } else if (typeof index === 'boolean') {
      numbers[at] = index ? 4 : 5;
    } else {
      numbers[at] = 6;
      const places = index instanceof Tensor ? index : listed(index as readonly Nested<Integer>[]);
      tensors.push(places.handle);
    }
    at += 4;
  }
  return { numbers, tensors };
}

/** The addon's numbers of the texts seen so far: a training loop writes the same few over and over. */
const texts = new Map<string, number>();
const mostTexts = 1000;

function numberOf(text: string): number | undefined {
  const known = texts.get(text);
  if (known !== undefined || texts.size >= mostTexts) return known;
  const number = native.rememberIndices(encode(parseIndices(text)).numbers);
  texts.set(text, number);
  return number;
}

const isText = (index: Index): boolean => typeof index === 'string';

const codesOf = (indices: readonly Index[]): Codes =>
  encode(
    indices.some(isText)
      ? indices.flatMap((index) => (typeof index === 'string' ? parseIndices(index) : [index]))
      : indices,
  );

export function getIndex(self: Tensor, indices: readonly Index[]): Tensor {
  const [text] = indices;
  if (indices.length === 1 && typeof text === 'string') {
    const number = numberOf(text);
    if (number !== undefined) return getKnown(self, number);
  }
  const { numbers, tensors } = codesOf(indices);
  return new Tensor(native.getItem(self.handle, numbers, tensors));
}

function getKnown(self: Tensor, number: number): Tensor {
  try {
    return new Tensor(settled(native.getKnownItem(self.handle, number)));
  } catch (error) {
    throw TorchError.from(error);
  }
}

export function setIndex(self: Tensor, indices: readonly Index[], value: Tensor | Scalar): void {
  const { numbers, tensors } = codesOf(indices);
  native.setItem(self.handle, numbers, tensors, value instanceof Tensor ? value.handle : value);
}
