import { createHash } from 'node:crypto';
import type { Tensor } from 'tandem-torch';

/** How long work took, and how long processors were busy with it, in seconds. */
interface Times {
  readonly seconds: number;
  readonly processor: number;
}

/** What one side of a workload reports: the times of its timed part. */
export interface Outcome extends Times {
  /** A digest of what it has computed, which must be the same in Python and in TypeScript. */
  readonly digest?: string;
}

/** The times of synchronous work. */
export function timed(work: () => void): Times {
  const [start, before] = [process.hrtime.bigint(), process.cpuUsage()];
  work();
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { user, system } = process.cpuUsage(before);
  return { seconds, processor: (user + system) / 1e6 };
}

/** SHA-256 of the elements' bits. */
export function digestOf(...tensors: readonly Tensor[]): string {
  const hash = createHash('sha256');
  for (const tensor of tensors) hash.update(tensor.detach().toTypedArray());
  return hash.digest('hex');
}
