/**
 * A test that starts Python, a kernel or a browser imports this, itself or through a helper. To others
 * they are refused, and those are what `npm test -- --quick` runs.
 */
export {};
