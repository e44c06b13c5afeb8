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

const none = Number.NaN;

/** As in Python any number is as good as the nearest that counts. */
const within = (bound: Integer): number =>
  Math.max(-Number.MAX_SAFE_INTEGER, Math.min(Number(bound), Number.MAX_SAFE_INTEGER));

/** A list as an index; an empty one has no elements from which to infer that it is whole. */
const listed = (index: readonly Nested<Integer | boolean>[]): Tensor =>
  makeTensor(index as Nested<number>, index.length === 0 ? { dtype: 'int64' } : {});

function encode(indices: readonly Index[]): Codes {
  const numbers: number[] = [];
  const tensors: Handle[] = [];
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
      numbers.push(0, within(index), none, none);
    } else if (index instanceof Slice) {
      const bounds = [index.start, index.stop, index.step];
      numbers.push(1, ...bounds.map((bound) => (bound === null ? none : within(bound))));
    } else if (index === null) {
      numbers.push(2, none, none, none);
    } else if (index === ellipsis) {
      numbers.push(3, none, none, none);
    } else if (typeof index === 'boolean') {
      numbers.push(index ? 4 : 5, none, none, none);
    } else {
      numbers.push(6, none, none, none);
      const at = index instanceof Tensor ? index : listed(index as readonly Nested<Integer>[]);
      tensors.push(at.handle);
    }
  }
  return { numbers: Float64Array.from(numbers), tensors };
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

const codesOf = (indices: readonly Index[]): Codes =>
  encode(indices.flatMap((index) => (typeof index === 'string' ? parseIndices(index) : [index])));

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
