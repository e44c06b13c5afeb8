/** Two programs that should have the same model: matched, started from the same weights, compared, with proven causes. */
export type { CompareOptions } from './compare';
export { comparePair, exampleProgram } from './programs';
export type { CauseReport, Comparison } from './result';
export { comparisonText } from './text';
