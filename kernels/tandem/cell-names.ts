/** What compiled code of cells and of local modules calls; all are global functions. */
export const cellNames = {
  /** `import` in all its forms. */
  load: '__import__',
  /** `import.meta` of a local module. */
  meta: '__meta__',
  /** Through which code awaits. */
  interruptible: '__interruptible__',
  /** Through which `for await` goes. */
  iterate: '__iterate__',
  /** What each turn of a loop calls. */
  heed: '__heed__',
  /** What takes a value out of the inspector. */
  take: '__take__',
} as const;

/** Defines one of them; not enumerable, so that no one who lists the globals meets it. */
export const defineForCells = (name: string, value: unknown): void => {
  Object.defineProperty(globalThis, name, { value, configurable: true });
};
