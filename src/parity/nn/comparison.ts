import { getNumThreads, setNumThreads } from 'tandem-torch';
import { onDevice } from '../device';
import { runPython, torchPython } from '../python';
import type { Case } from './case';
import { firstDifference, type Trace } from './digest';
import { trace } from './trace';

/** A case and the first difference between the languages; null if everything is identical. */
export interface Comparison {
  readonly kind: Case['kind'];
  readonly name: string;
  readonly difference: string | null;
}

type PythonResult = { trace: Trace } | { error: string };

/** A case's name: Python's expression and, for a module, its inputs and the call's keywords. */
export const nameOf = (of: Case): string => {
  if (!('inputs' in of)) return of.python;
  return `${of.python} on ${of.inputs}${of.keywords ? ` with ${of.keywords}` : ''}`;
};

/** Runs all cases in both languages and compares them, with a single Python process. */
export async function compareCases(
  cases: readonly Case[],
  seed: number,
  device?: string,
): Promise<Comparison[]> {
  const python = await runPython<PythonResult[]>('nn.py', [], {
    input: JSON.stringify({ seed, cases, device }),
    python: torchPython(),
  });
  // As in Python: tensors this small are slower on several threads, far more so on a busy machine.
  const threads = getNumThreads();
  setNumThreads(1);
  try {
    return await onDevice(device, () =>
      cases.map((of, i) => ({
        kind: of.kind,
        name: nameOf(of),
        difference: difference(of, python[i]!, seed),
      })),
    );
  } finally {
    setNumThreads(threads);
  }
}

function difference(of: Case, python: PythonResult, seed: number): string | null {
  if ('error' in python) return `Python failed: ${python.error}`;
  try {
    return firstDifference(python.trace, trace(of, seed));
  } catch (error) {
    return `TypeScript failed: ${String(error).split('\n')[0]}`;
  }
}
