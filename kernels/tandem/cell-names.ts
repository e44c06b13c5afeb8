/** What compiled code of cells and of local modules calls; all are global functions. */
export const cellNames = {
  /** `import` in all its forms. */
  load: '__import__',
  /** `import.meta` of a local module. */
  meta: '__meta__',
  /** Wraps what code awaits. */
  interruptible: '__interruptible__',
  /** Wraps what `for await` iterates over. */
  iterate: '__iterate__',
  /** Called in each iteration of a loop. */
  checkInterrupt: '__checkInterrupt__',
  /** Receives a value from the inspector. */
  take: '__take__',
} as const;

/** Defines one of them, not enumerable, so that it doesn't show up among the globals. */
export const defineForCells = (name: string, value: unknown): void => {
  Object.defineProperty(globalThis, name, { value, configurable: true });
};
