/** The kernel's interface for the code in its cells. */
export interface Kernel {
  display(content: object, update: boolean): void;
  /** Whether this is a headless run. */
  readonly headless: boolean;
  /** Aborts when the running cell is interrupted. */
  readonly signal: AbortSignal;
}

/** The kernel that runs this code; undefined in a plain script. */
export const kernel = (): Kernel | undefined =>
  (globalThis as Record<symbol, unknown>)[Symbol.for('tandem.kernel')] as Kernel | undefined;
