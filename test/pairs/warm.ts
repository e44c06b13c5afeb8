import { type CompareOptions, compareSides, loadSide } from '../../src/pairs/compare';
import { adapterOf } from '../../src/pairs/programs';
import type { Comparison } from '../../src/pairs/result';
import { KeptProgram } from './kept-program';

/** One process for each framework, which holds one program after another: Python starts once, if at all. */
const programs = new Map<string, KeptProgram>();
const busy = new Set<string>();

function warm(path: string, side: string): KeptProgram {
  const adapter = adapterOf(path);
  // Two of one framework need two processes.
  const key =
    [...programs.keys()].find((known) => known.startsWith(adapter) && !busy.has(known)) ??
    `${adapter} ${side}`;
  busy.add(key);
  let program = programs.get(key);
  if (!program) {
    program = new KeptProgram(path, adapter);
    programs.set(key, program);
  }
  return program;
}

/** Compares two programs of two frameworks in warm processes. */
export async function compareWarm(
  left: string,
  right: string,
  options: CompareOptions = {},
): Promise<Comparison> {
  busy.clear();
  // Both have answered before either is asked again.
  const loaded = await Promise.allSettled([
    loadSide(warm(left, 'left'), left, options.weights?.left),
    loadSide(warm(right, 'right'), right, options.weights?.right),
  ]);
  const [a, b] = loaded.map((side) => {
    if (side.status === 'rejected') throw side.reason;
    return side.value;
  });
  return compareSides(a!, b!, options);
}

export function closeWarm(): void {
  for (const program of programs.values()) program.close();
  programs.clear();
}

/** The names of the causes that are proven. */
export const proven = ({ causes }: Comparison): string[] =>
  causes.flatMap(({ name, proven: yes }) => (yes ? [name] : [])).sort();
