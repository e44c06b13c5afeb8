/** Two models that should be one: matched, started alike, compared, and what differs proven. */
export type { CompareOptions } from './compare';
export { comparePair, exampleProgram } from './programs';
export type { CauseReport, Comparison } from './result';
export { comparisonText } from './text';
