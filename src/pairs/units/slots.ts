import { inverse, type NDArray, reshaped, sizeOf, takeRows, transposed } from '../arrays';
import type { Slot } from './unit';

/** A weight that both frameworks lay out alike. */
export const asIs = (name: string, shape: readonly number[]): Slot => ({
  name,
  shape,
  read: (own) => own,
  write: (shared, own) => ({ shape: own.shape, data: shared.data }),
});

/** A weight whose axes the shared layout has in another order: of `via`, where it is divided first. */
export function permuted(
  name: string,
  own: readonly number[],
  order: readonly number[],
  { via = own, to }: { via?: readonly number[]; to?: readonly number[] } = {},
): Slot {
  const moved = order.map((axis) => via[axis]!);
  return {
    name,
    shape: to ?? moved,
    read: (array) => reshaped(transposed(reshaped(array, via), order), to ?? moved),
    write: (shared, array) =>
      reshaped(transposed(reshaped(shared, moved), inverse(order)), array.shape),
  };
}

/** The blocks of a slot's first axis in another order: the gates of a recurrent layer. */
export function gates(slot: Slot, order: readonly number[]): Slot {
  const length = slot.shape[0]! / order.length;
  const rows = (of: readonly number[]) =>
    Int32Array.from(
      { length: slot.shape[0]! },
      (_, i) => of[Math.floor(i / length)]! * length + (i % length),
    );
  return {
    ...slot,
    read: (own) => takeRows(slot.read(own), rows(order)),
    write: (shared, own) => slot.write(takeRows(shared, rows(inverse(order))), own),
  };
}

/** Part `index` of the first axis, which divides a weight into equal parts. */
export function part(name: string, own: readonly number[], index: number, parts: number): Slot {
  const length = sizeOf(own) / parts;
  const shape = own[0] === parts ? own.slice(1) : [own[0]! / parts, ...own.slice(1)];
  return {
    name,
    shape,
    read: ({ data }) => ({ shape, data: data.slice(index * length, (index + 1) * length) }),
    write(shared, array) {
      const data = array.data.slice();
      data.set(shared.data as never, index * length);
      return { shape: array.shape, data };
    },
  };
}

/** A slot whose rows stand in another order: of a dense layer whose output is taken for maps. */
export function rows(slot: Slot, order: Int32Array): Slot {
  const back = new Int32Array(order.length);
  order.forEach((place, i) => {
    back[place] = i;
  });
  return {
    ...slot,
    read: (own) => takeRows(slot.read(own), back),
    write: (shared, own) => slot.write(takeRows(shared, order), own),
  };
}

/** A slot whose columns stand in another order: what a dense layer reads behind flattened maps. */
export function columns(slot: Slot, order: ArrayLike<number>): Slot {
  const [rows, width] = slot.shape as [number, number];
  const back = new Int32Array(width);
  for (let i = 0; i < width; i++) back[order[i]!] = i;
  const pick = ({ shape, data }: NDArray, from: ArrayLike<number>): NDArray => {
    const result = data.slice();
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < width; i++) result[row * width + i] = data[row * width + from[i]!]!;
    }
    return { shape, data: result };
  };
  return {
    ...slot,
    read: (own) => pick(slot.read(own), back),
    write: (shared, own) => slot.write(pick(shared, order), own),
  };
}
