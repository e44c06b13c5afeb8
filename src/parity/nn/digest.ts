import { createHash } from 'node:crypto';
import * as torch from 'tandem-torch';

/** One language's results for a case: labelled digests, in the order of the work. */
export type Trace = [label: string, digest: string][];

/** Dtype, shape and SHA-256 of the elements' bytes, as src/parity/python/nn.py writes them. */
export function digest(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return bytes.toString('hex');
  }
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (!(value instanceof torch.Tensor) || torch.nn.parameter.isLazy(value)) return String(value);
  return torch.tidy(() => {
    const bytes = value.detach().contiguous().reshape(-1).view('uint8').toTypedArray();
    const hash = createHash('sha256').update(bytes).digest('hex');
    return `${value.dtype}[${value.shape.join(', ')}] ${hash}`;
  });
}

/** The tensors in a value, nested lists and records flattened, in order. */
export function tensorsIn(value: unknown): torch.Tensor[] {
  if (value instanceof torch.Tensor) return [value];
  if (typeof value !== 'object' || value === null) return [];
  // An operator's named results are also properties of its array.
  return (Array.isArray(value) ? [...value] : Object.values(value)).flatMap(tensorsIn);
}

/** Digests of a state's numbers and tensors, sorted by their dotted paths. */
export function digestState(label: string, state: unknown): Trace {
  const trace: Trace = [];
  const visit = (path: string, value: unknown) => {
    if (value instanceof torch.Tensor || typeof value !== 'object' || value === null) {
      if (value !== null && value !== undefined) trace.push([path, digest(value)]);
      return;
    }
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    for (const [name, item] of entries) visit(`${path}.${name}`, item);
  };
  visit(label, state);
  return trace.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** The first difference between two traces; null if they are equal. */
export function firstDifference(python: Trace, typescript: Trace): string | null {
  for (let i = 0; i < Math.max(python.length, typescript.length); i++) {
    const [theirs, ours] = [python[i], typescript[i]];
    if (theirs?.[0] !== ours?.[0]) {
      return `Python has ${theirs?.[0] ?? 'nothing more'}, TypeScript ${ours?.[0] ?? 'nothing more'}`;
    }
    if (theirs![1] !== ours![1]) {
      return `${ours![0]}: Python ${theirs![1]}, TypeScript ${ours![1]}`;
    }
  }
  return null;
}
