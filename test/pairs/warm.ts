import { basename } from 'node:path';
import { type CompareOptions, compareSides, loadSide } from '../../src/pairs/compare';
import { Program } from '../../src/pairs/program';
import type { Comparison } from '../../src/pairs/result';

/** One process for each framework, which holds one program after another: Python starts once. */
const programs = new Map<string, Program>();

function warm(path: string): Program {
  const adapter = /torch/.test(basename(path)) ? 'torch_adapter.py' : 'keras_adapter.py';
  let program = programs.get(adapter);
  if (!program) {
    program = new Program(path, adapter, { limit: 300 });
    programs.set(adapter, program);
  }
  return program;
}

/** Compares two programs of two frameworks in warm processes. */
export async function compareWarm(
  left: string,
  right: string,
  options: CompareOptions = {},
): Promise<Comparison> {
  // Both have answered before either is asked again.
  const loaded = await Promise.allSettled([
    loadSide(warm(left), left),
    loadSide(warm(right), right),
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
