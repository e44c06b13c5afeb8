/** What the kernel offers to the code of its cells. */
export interface Kernel {
  display(content: object, update: boolean): void;
  /** Whether no person is looking. */
  readonly headless: boolean;
  /** Aborts when the running cell is interrupted. */
  readonly signal: AbortSignal;
}

/** The kernel that this code runs in; undefined in a plain script. */
export const kernel = (): Kernel | undefined =>
  (globalThis as Record<symbol, unknown>)[Symbol.for('tandem.kernel')] as Kernel | undefined;
