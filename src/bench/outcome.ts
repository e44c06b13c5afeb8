import { createHash } from 'node:crypto';
import type { Tensor } from 'tandem-torch';

/** What one side of a workload reports. */
export interface Outcome {
  /** How long its timed part took. */
  readonly seconds: number;
  /** A digest of what it has computed, which must be the same in Python and in TypeScript. */
  readonly digest?: string;
}

/** The duration of synchronous work in seconds. */
export function timed(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** SHA-256 of the elements' bits. */
export function digestOf(...tensors: readonly Tensor[]): string {
  const hash = createHash('sha256');
  for (const tensor of tensors) hash.update(tensor.detach().toTypedArray());
  return hash.digest('hex');
}
