import { writeWhole } from '../files/whole-file';
import { type NDArray, relativeDifference } from './arrays';
import type { Match } from './match';
import type { Plan } from './measure';
import type { Arrays } from './program';
import { counterparts, type Forward, type Side } from './side';
import { labelOf, type Unit } from './units';
import type { WeightPair } from './weights';

type Sides = Record<'left' | 'right', Side>;

const dtypes: readonly [new (length: number) => object, string][] = [
  [Float32Array, 'F32'],
  [Float64Array, 'F64'],
  [Int32Array, 'I32'],
  [Uint8Array, 'U8'],
];

/** Arrays in the format of safetensors: the length of a header, the header as JSON, the bytes. */
export function safetensors(arrays: Arrays, metadata: Record<string, string>): Buffer {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data }] of arrays) {
    const [, dtype] = dtypes.find(([type]) => data instanceof type)!;
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const text = JSON.stringify(header);
  const json = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const parts = [...arrays.values()].map(({ data }) =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength),
  );
  return Buffer.concat([length, json, ...parts]);
}

/**
 * Writes the first layer whose outputs differ although all known causes are fixed: its weights, inputs
 * and outputs on both sides, in float64; where all outputs agree, the first weight that differs after
 * a step, with its start and gradients. Gives the file's path, or undefined where nothing can be told.
 */
export async function reproduce(
  sides: Sides,
  match: Match,
  weights: readonly WeightPair[],
  plan: Plan,
  path: string,
): Promise<string | undefined> {
  const found =
    (await layer(sides, match, plan)) ?? (await step(sides, weights, plan).catch(() => undefined));
  if (!found) return undefined;
  writeWhole(path, safetensors(found.arrays, { what: found.what }));
  return path;
}

interface Found {
  readonly what: string;
  readonly arrays: Map<string, NDArray>;
}

const both = ['left', 'right'] as const;

async function layer(sides: Sides, match: Match, plan: Plan): Promise<Found | undefined> {
  const runs = await Promise.all(
    both.map(async (which) => {
      const { program } = sides[which];
      await program.ask({ do: 'prepare', precision: 'float64', ...plan[which] });
      return (await program.ask<Forward>({ do: 'forward', record: true })).arrays;
    }),
  ).catch(() => undefined);
  if (!runs) return undefined;
  const [a, b] = runs as [Arrays, Arrays];
  const first = match.pairs.find(({ left, right }) => {
    if (left.kind === 'shape' || left.hidden || right.hidden) return false;
    const outputs = counterparts(sides.left.candidates(left, a), sides.right.candidates(right, b));
    return !outputs || relativeDifference(outputs[0], outputs[1]) > 5e-7;
  });
  if (!first) return undefined;
  const arrays = new Map<string, NDArray>();
  for (const [which, run] of [
    ['left', a],
    ['right', b],
  ] as const) {
    const unit = first[which];
    for (const [name, array] of ofUnit(sides[which], unit, run))
      arrays.set(`${which}.${name}`, array);
  }
  for (const which of both) {
    const names = Object.values(first[which].slots).map(({ name }) => name);
    if (names.length === 0) continue;
    const { arrays: own } = await sides[which].program.ask({ do: 'starts', names });
    for (const [name, array] of own) arrays.set(`${which}.weight.${name}`, array);
  }
  return { what: `${labelOf(first.left)} and ${labelOf(first.right)}`, arrays };
}

function* ofUnit(side: Side, unit: Unit, run: Arrays): Generator<[string, NDArray]> {
  const { call, position } = unit;
  let i = 0;
  for (const from of new Set(call.from)) {
    const input = from < 0 ? side.batch[0] : run.get(`node:${from}.0`);
    if (input) yield [`input.${i++}`, input];
  }
  for (let out = 0; out < call.out.length; out++) {
    const output = run.get(`node:${position}.${out}`);
    if (output) yield [`output.${out}`, output];
  }
}

async function step(
  sides: Sides,
  weights: readonly WeightPair[],
  plan: Plan,
): Promise<Found | undefined> {
  const runs = await Promise.all(
    both.map(async (which) => {
      const { program } = sides[which];
      await program.ask({ do: 'prepare', precision: 'float64', ...plan[which] });
      const ask = { do: 'train', steps: 1, look: [1], gradients: true };
      return (await program.ask<{ losses: number[] }>(ask)).arrays;
    }),
  );
  const of = (which: 0 | 1, kind: string, i: number) => runs[which]!.get(`${kind}:1:${i}`);
  const at = weights.findIndex((_, i) => {
    const [x, y] = [of(0, 'weight', i), of(1, 'weight', i)];
    return x && y && relativeDifference(x, y) > 1e-9;
  });
  if (at < 0) return undefined;
  const { pair, role } = weights[at]!;
  const arrays = new Map<string, NDArray>();
  for (const [i, which] of both.entries()) {
    for (const kind of ['weight', 'gradient']) {
      const array = of(i as 0 | 1, kind, at);
      if (array) arrays.set(`${which}.${kind === 'weight' ? 'weight after a step' : kind}`, array);
    }
    sides[which].batch.forEach((array, n) => {
      arrays.set(`${which}.model input.${n}`, array);
    });
  }
  return { what: `${labelOf(pair.left)} ${role} after one step`, arrays };
}
