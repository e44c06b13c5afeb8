import { TorchError } from './errors';
import type { Complex } from './types';

/** What an array for a tensor may hold, besides arrays; `{ float: 2 }` is Python's `2.0`. */
export type Element = number | bigint | boolean | Complex | { readonly float: number };

/** An array's sizes, as its first elements say. */
export function shapeOf(data: unknown): number[] {
  const shape: number[] = [];
  for (let level = data; isRow(level); level = level[0]) shape.push(level.length);
  return shape;
}

type Row = ArrayLike<unknown>;

const isRow = (value: unknown): value is Row =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

const ragged = (message: string) => new TorchError(`tensor(): ${message}`, 'ValueError', 'tensor');

function checkedRow(row: unknown, shape: readonly number[], depth: number): Row {
  if (!isRow(row)) {
    throw ragged(
      `expected a sequence of length ${shape[depth]} at dim ${depth}, got a ${typeof row}`,
    );
  }
  if (row.length !== shape[depth]) {
    throw ragged(
      `expected sequence of length ${shape[depth] ?? 0} at dim ${depth} (got ${row.length})`,
    );
  }
  return row;
}

/**
 * The elements of nested arrays where all are numbers, which is quick; null if there are others.
 * Throws TorchError for ragged arrays.
 */
export function numbersOf(data: unknown, shape: readonly number[]): Float64Array | null {
  const numbers = new Float64Array(shape.reduce((product, size) => product * size, 1));
  const last = shape.length - 1;
  let at = 0;
  const read = (list: unknown, depth: number): boolean => {
    const row = checkedRow(list, shape, depth);
    const { length } = row;
    if (depth < last) {
      for (let i = 0; i < length; i++) if (!read(row[i], depth + 1)) return false;
      return true;
    }
    for (let i = 0; i < length; i++) {
      const value = row[i];
      if (typeof value !== 'number') return false;
      numbers[at++] = value;
    }
    return true;
  };
  if (last >= 0) return read(data, 0) ? numbers : null;
  if (typeof data !== 'number') return null;
  numbers[0] = data;
  return numbers;
}

/** All elements of nested arrays in row-major order. Throws TorchError for ragged arrays. */
export function elementsOf(data: unknown, shape: readonly number[]): unknown[] {
  const elements: unknown[] = [];
  const read = (list: unknown, depth: number): void => {
    if (depth === shape.length && !isRow(list)) elements.push(list);
    else for (const item of Array.from(checkedRow(list, shape, depth))) read(item, depth + 1);
  };
  read(data, 0);
  return elements;
}
