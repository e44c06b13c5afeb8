import { UserError } from '../command/errors';
import { counted, type NDArray, sameShape, sizeOf, zeros } from './arrays';
import type { Match, Matched } from './match';
import type { Side } from './side';
import { labelOf, type Slot } from './units';

/** A weight of one side and the same of the other. */
export interface WeightPair {
  readonly pair: Matched;
  readonly role: string;
  readonly left: Slot;
  readonly right: Slot;
}

/** The weights that both sides have. */
export function weightPairs({ pairs }: Match): WeightPair[] {
  const seen = new Set<string>();
  return pairs.flatMap((pair) =>
    Object.entries(pair.left.slots).flatMap(([role, left]) => {
      const right = pair.right.slots[role];
      if (!right || seen.has(`${left.name} ${role}`)) return [];
      seen.add(`${left.name} ${role}`);
      return [{ pair, role, left, right }];
    }),
  );
}

/** What a weight starts from that the other side doesn't have. */
const neutral = (role: string, shape: readonly number[]): NDArray => {
  const ones = /scale|variance/.test(role);
  const array = zeros(shape);
  if (ones) array.data.fill(1);
  return array;
};

export interface Start {
  readonly left: ReadonlyMap<string, NDArray>;
  readonly right: ReadonlyMap<string, NDArray>;
  /** Second biases, which only PyTorch has: held at zero, so that both sides have one. */
  readonly frozen: { readonly left: readonly string[]; readonly right: readonly string[] };
}

/**
 * Copies the left side's weights to the right side, each in the layout that the right side has.
 * Throws UserError where two weights that are matched have different shapes.
 */
export function copyWeights(left: Side, right: Side, match: Match): Start {
  const from = new Map(left.start);
  const to = new Map(right.start);
  const frozen = { left: [] as string[], right: [] as string[] };
  const start = (arrays: ReadonlyMap<string, NDArray>, { name }: Slot) =>
    arrays.get(`start:${name}`)!;
  for (const pair of match.pairs) {
    for (const [role, own] of Object.entries(pair.left.slots)) {
      const second = role.replace('inputBias', 'recurrentBias');
      // A recurrent layer with two biases against one with a single bias: the sum is what counts.
      const b = pair.left.slots[second];
      if (second !== role && b && !pair.right.slots[second]) {
        const a = own;
        const sum = own.read(start(from, own));
        const other = b.read(start(from, b));
        const data = sum.data.map((value, i) => value + other.data[i]!);
        from.set(`start:${a.name}`, a.write({ shape: sum.shape, data }, start(from, a)));
        from.set(`start:${b.name}`, b.write(zeros(b.shape), start(from, b)));
        frozen.left.push(b.name);
      } else if (!pair.right.slots[role] && !role.includes('ecurrentBias')) {
        from.set(`start:${own.name}`, own.write(neutral(role, own.shape), start(from, own)));
      }
    }
    for (const [role, own] of Object.entries(pair.right.slots)) {
      const other = pair.left.slots[role];
      const current = start(to, own);
      if (!other) {
        to.set(`start:${own.name}`, own.write(neutral(role, own.shape), current));
        if (role.endsWith('recurrentBias') && pair.left.slots[role.replace('recurrent', 'input')]) {
          frozen.right.push(own.name);
        }
        continue;
      }
      if (!sameShape(other.shape, own.shape)) {
        throw new UserError(
          `${labelOf(pair.left)} and ${labelOf(pair.right)} don't fit: ${role} ${other.shape.join('×')} and ${own.shape.join('×')}. Use --map LEFT=RIGHT to say which layers belong together.`,
        );
      }
      to.set(`start:${own.name}`, own.write(other.read(start(from, other)), current));
    }
  }
  return { left: from, right: to, frozen };
}

/** Names without the prefix under which they travel. */
export const unprefixed = (arrays: ReadonlyMap<string, NDArray>): Map<string, NDArray> =>
  new Map([...arrays].map(([name, array]) => [name.replace(/^start:/, ''), array]));

/** More of a weight than this is not looked at after a step. */
const most = 16_384;

/**
 * For each pair of weights the elements that are compared after a step: their places in either side's
 * own array, in one order. Of large weights evenly picked ones.
 */
export function picksOf(
  weights: readonly WeightPair[],
  shapes: Record<'left' | 'right', ReadonlyMap<string, readonly number[]>>,
) {
  const places = (slot: Slot, own: readonly number[], step: number): Int32Array => {
    const shared = slot.read({ shape: own, data: counted(sizeOf(own)) }).data;
    return Int32Array.from(
      { length: Math.ceil(shared.length / step) },
      (_, i) => shared[i * step]!,
    );
  };
  return weights.map(({ left, right }) => {
    const step = Math.ceil(sizeOf(left.shape) / most);
    return {
      left: places(left, shapes.left.get(left.name)!, step),
      right: places(right, shapes.right.get(right.name)!, step),
    };
  });
}
