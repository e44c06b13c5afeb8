import type { Kernel } from '../../src/notebook/kernel';

/** What a front end was told to show. */
export interface Shown {
  readonly id: string;
  readonly update: boolean;
  readonly data: Record<string, unknown>;
}

/** Runs work as in a kernel's cell, and gives what it showed. */
export async function inKernel(
  work: () => unknown,
  { headless = false, signal = new AbortController().signal } = {},
): Promise<Shown[]> {
  const shown: Shown[] = [];
  const kernel: Kernel = {
    headless,
    signal,
    display(content, update) {
      const { data, transient } = content as {
        data: Record<string, unknown>;
        transient: { display_id: string };
      };
      shown.push({ id: transient.display_id, update, data });
    },
  };
  const place = globalThis as Record<symbol, unknown>;
  const key = Symbol.for('tandem.kernel');
  place[key] = kernel;
  try {
    await work();
  } finally {
    delete place[key];
  }
  return shown;
}
