import {
  channelsFirst,
  channelsLast,
  magnitude,
  type NDArray,
  type Numbers,
  relativeDifference,
  sameShape,
  sizeOf,
} from './arrays';
import type { Side } from './side';

/** How fractions are lost: towards zero, downwards, or to the nearest whole number. */
export type Whole = 'trunc' | 'floor' | 'round';

/** What a program did to its inputs before it bound them, as seen from the other program's. */
export interface Prepared {
  /** x · scale + offset, one number or one for each channel. */
  readonly scale: readonly number[];
  readonly offset: readonly number[];
  /** Whether the channels stand the other way round. */
  readonly turned: boolean;
  /** `[H, W, C]` of maps that were taken for `[C, H, W]` as they lie in memory. */
  readonly reshaped?: readonly number[];
  /** How it made whole numbers of them, after it scaled them. */
  readonly whole?: Whole;
}

/** Two programs' inputs in one layout, with the way back into the second's own. */
interface Layout {
  readonly a: NDArray;
  readonly b: NDArray;
  readonly back: (array: NDArray) => NDArray;
  readonly channels: number;
}

/** The layouts in which inputs may be the same: as they are, or with the channels of PyTorch's last. */
function layouts(from: Side, a: NDArray, to: Side, b: NDArray): Layout[] {
  const rank = b.shape.length;
  const mixed = from.framework !== to.framework;
  const keras = from.framework === 'keras' || to.framework === 'keras';
  const as = (array: NDArray) => array;
  const plain = { a, b, back: as, channels: rank > 3 && !keras ? 1 : rank - 1 };
  const turned: Layout[] = [];
  if (to.framework === 'torch' && rank > 2)
    turned.push({ a, b: channelsLast(b), back: channelsFirst, channels: rank - 1 });
  if (from.framework === 'torch' && a.shape.length > 2)
    turned.push({ a: channelsLast(a), b, back: as, channels: rank - 1 });
  const all = mixed && rank > 3 ? [...turned, plain] : [plain, ...turned];
  return all.filter((one) => sameShape(one.a.shape.slice(1), one.b.shape.slice(1)));
}

/** What makes the second array of the first, channel by channel; undefined where nothing of the kind does. */
function affine({ a, b, channels: axis }: Layout, turned: boolean): Prepared | undefined {
  const count = a.shape[axis]!;
  const inner = sizeOf(a.shape.slice(axis + 1));
  const channelOf = (i: number) => Math.floor(i / inner) % count;
  const place = (i: number) => (turned ? i + (count - 1 - 2 * channelOf(i)) * inner : i);
  const sums = Array.from({ length: count }, () => ({ n: 0, x: 0, y: 0, xx: 0, xy: 0 }));
  for (let i = 0; i < a.data.length; i++) {
    const [x, y, sum] = [a.data[i]!, b.data[place(i)]!, sums[channelOf(i)]!];
    sum.n++;
    sum.x += x;
    sum.y += y;
  }
  for (let i = 0; i < a.data.length; i++) {
    const sum = sums[channelOf(i)]!;
    const x = a.data[i]! - sum.x / sum.n;
    sum.xx += x * x;
    sum.xy += x * (b.data[place(i)]! - sum.y / sum.n);
  }
  // Two points of a channel lie on a line whatever they are.
  if (sums.some(({ n, xx }) => n < 4 || xx === 0)) return undefined;
  const scale = sums.map(({ xx, xy }) => Number((xy / xx).toPrecision(7)));
  // Zeros tell nothing of a scale.
  if (scale.every((x) => x === 0)) return undefined;
  const offset = sums.map(({ n, x, y, xx, xy }) => rounded(y / n - (xy / xx) * (x / n)));
  const largest = magnitude(b);
  for (let i = 0; i < a.data.length; i++) {
    const channel = channelOf(i);
    const made = a.data[i]! * scale[channel]! + offset[channel]!;
    if (!(Math.abs(made - b.data[place(i)]!) <= 1e-5 * largest)) return undefined;
  }
  const one = (list: number[]) => list.every((x) => Math.abs(x - list[0]!) <= 1e-6 * largest);
  const few = one(scale) && one(offset);
  return { scale: few ? [scale[0]!] : scale, offset: few ? [offset[0]!] : offset, turned };
}

/** NumPy rounds halves to the even number. */
const even = (x: number): number =>
  Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
const wholes = { trunc: Math.trunc, floor: Math.floor, round: even };
/** What pixels are multiplied by. */
const scales = [1, 1 / 255, 1 / 256, 1 / 127.5, 1 / 128, 255, 256];

/** How the second array is the first one's whole numbers; undefined where it isn't. */
function cut({ a, b }: Layout): Prepared | undefined {
  if (a.shape[0] !== b.shape[0] || !b.data.every(Number.isInteger)) return undefined;
  for (const scale of scales) {
    for (const [whole, of] of Object.entries(wholes)) {
      if (a.data.every((x, i) => of(x * scale) === b.data[i]!))
        return { scale: [scale], offset: [0], turned: false, whole: whole as Whole };
    }
  }
  return undefined;
}

const rounded = (value: number): number =>
  Math.abs(value) < 1e-6 ? 0 : Number(value.toPrecision(7));

/** The first array with what a program did to it, in float64. */
function made({ a, channels: axis }: Layout, { scale, offset, turned }: Prepared): NDArray {
  const count = a.shape[axis]!;
  const inner = sizeOf(a.shape.slice(axis + 1));
  const data = new Float64Array(a.data.length);
  for (let i = 0; i < data.length; i++) {
    const channel = Math.floor(i / inner) % count;
    const place = turned ? i + (count - 1 - 2 * channel) * inner : i;
    data[place] = a.data[i]! * scale[channel % scale.length]! + offset[channel % offset.length]!;
  }
  return { shape: a.shape, data };
}

const flat = ({ data }: NDArray): NDArray => ({ shape: [data.length], data });
const alike = (a: NDArray, b: NDArray): boolean =>
  sameShape(a.shape, b.shape) && relativeDifference(a, b) <= 1e-6;

/** How far two arrays are apart, in words. */
function apart(a: NDArray, b: NDArray): string {
  const told = ({ shape, data }: NDArray) => {
    let [sum, squares] = [0, 0];
    for (const x of data) sum += x;
    const mean = sum / data.length;
    for (const x of data) squares += (x - mean) ** 2;
    const deviation = Math.sqrt(squares / data.length);
    return `[${shape.join(', ')}] with mean ${mean.toPrecision(2)} and deviation ${deviation.toPrecision(2)}`;
  };
  const most = a.data.length === b.data.length ? relativeDifference(flat(a), flat(b)) : undefined;
  const by = most ? `by up to ${Math.round(100 * most)} % of the largest: ` : '';
  return `${by}${told(a)}, and ${told(b)}`;
}

/** One side's targets in the form that the other side has its own in; undefined where that can't be told. */
function targetsAs(a: NDArray, b: NDArray): NDArray | undefined {
  const [n] = a.shape;
  const shape = [n!, ...b.shape.slice(1)];
  const kind = (data: Numbers): Numbers =>
    b.data instanceof Int32Array && data.every(Number.isInteger)
      ? Int32Array.from(data)
      : b.data instanceof Float32Array
        ? Float32Array.from(data)
        : data;
  if (sizeOf(shape) === a.data.length) {
    const maps = shape.length > 2 && !sameShape(a.shape, shape);
    const found =
      maps && [channelsFirst(a), channelsLast(a)].find((x) => sameShape(x.shape, shape));
    return { shape, data: kind((found || a).data) };
  }
  const classes = shape.at(-1)!;
  if (a.shape.length === 2 && sizeOf(shape) === n) {
    const data = new Int32Array(n);
    const width = a.shape[1]!;
    for (let i = 0; i < n; i++) {
      const row = a.data.subarray(i * width, (i + 1) * width);
      data[i] = row.indexOf(Math.max(...row));
    }
    return { shape, data };
  }
  const labels = a.data.every((x) => Number.isInteger(x) && x >= 0 && x < classes);
  if (shape.length !== 2 || a.data.length !== n || !labels) return undefined;
  const data = new Float32Array(sizeOf(shape));
  a.data.forEach((label, i) => {
    data[i * classes + label] = 1;
  });
  return { shape, data };
}

/** What the second side does where its inputs are whole numbers of the first's, with what those are before. */
function wholeOf(from: Side, a: NDArray, to: Side, b: NDArray) {
  if (to.description.weights.some(({ name }) => /embedding/i.test(name))) return undefined;
  for (const way of layouts(from, a, to, b)) {
    const prepared = cut(way);
    if (prepared) return { side: to, prepared, inputs: way.back(made(way, prepared)) };
  }
  return undefined;
}

const set = (side: Side, name: string, array: NDArray): void => {
  side.start = new Map([...side.start, [`given:${name}`, array]]);
};

/**
 * Where both programs bind inputs or targets, gives both the same: those of one side, in the other's
 * layout and with what the other does to them. Tells in sentences what was replaced.
 */
export function shareData(left: Side, right: Side): string[] {
  const given = (side: Side, name: string) => side.start.get(`given:${name}`);
  const first = given(left, 'targets') || !given(right, 'targets');
  const [from, to] = first ? [left, right] : [right, left];
  const [a, b] = [given(from, 'inputs'), given(to, 'inputs')];
  const notes: string[] = [];
  const replaced = `${from.program.name}’s are used for both`;
  if (a && b) {
    const ways = layouts(from, a, to, b);
    if (ways.length === 0) return [];
    const exact = ways.find((way) => alike(way.a, way.b));
    const taken = sameShape(flat(a).shape, flat(b).shape) && !sameShape(a.shape, b.shape);
    if (exact) {
      if (exact.a.data.constructor === b.data.constructor) set(to, 'inputs', exact.back(exact.a));
    } else if (taken && alike(flat(a), flat(b)) && from.framework !== to.framework) {
      to.prepared = {
        scale: [1],
        offset: [0],
        turned: false,
        reshaped: (from.framework === 'keras' ? a : b).shape.slice(1),
      };
    } else {
      const found = ways.flatMap((way) =>
        a.shape[0] === b.shape[0]
          ? [false, true].flatMap((turned) => {
              const prepared = affine(way, turned);
              return prepared ? [{ way, prepared }] : [];
            })
          : [],
      )[0];
      const whole = found ? undefined : (wholeOf(from, a, to, b) ?? wholeOf(to, b, from, a));
      if (whole) {
        // Both get the numbers with their fractions; the proofs take those away where the program does.
        whole.side.prepared = whole.prepared;
        set(whole.side, 'inputs', whole.inputs);
      } else if (found) {
        to.prepared = found.prepared;
        set(to, 'inputs', found.way.back(made(found.way, found.prepared)));
      } else {
        const [way] = ways;
        set(to, 'inputs', way!.back(way!.a));
        notes.push(
          `The programs bind different inputs, ${apart(a, b)}. ${replaced}; bind them in one data.py beside both programs to choose others.`,
        );
      }
    }
  }
  const [t, own] = [given(from, 'targets'), given(to, 'targets')];
  if (t && own) {
    const wanted = targetsAs(t, own);
    if (!wanted) {
      notes.push(
        `The programs bind targets of different forms, ${apart(t, own)}. Each keeps its own.`,
      );
    } else if (!alike(wanted, own)) {
      set(to, 'targets', wanted);
      notes.push(`The programs bind different targets, ${apart(t, own)}. ${replaced}.`);
    }
  }
  return notes;
}
