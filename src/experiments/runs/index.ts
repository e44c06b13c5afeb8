/** Controlled experiments: recipes as data, factors varied, every run kept. */
export {
  type Cell,
  cellsOf,
  checkExperiment,
  type Experiment,
  type Factor,
  type Factors,
  factorial,
  factorsBetween,
  factorsOf,
  path,
} from './design';
export { type Estimate, meanWithInterval, pairedEffectSize } from './effects';
export {
  type CellRecord,
  type ExperimentProgress,
  type RunOptions,
  roughSeconds,
  runCells,
} from './run';
export { type RunResult, RunStore } from './run-store';
