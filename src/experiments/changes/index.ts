/** From TensorFlow's recipe to PyTorch's, one change at a time: what made the difference. */
export { cellsOfDesign, type Design, designOf, recipesOf, type Walk } from './design';
export {
  type Change,
  changesOf,
  type Effect,
  type Explanation,
  explain,
  frameworkEffects,
  type Measure,
  type OrderEffect,
  orderEffects,
  runsOf,
} from './effects';
export {
  type ChangesRecord,
  changesName,
  type Run,
  recordOf,
  runChanges,
  type WalkRecord,
} from './record';
export { type Rise, risesOf, risingLoss } from './rising';
export {
  answerOfChanges,
  changesTable,
  describeRun,
  frameworkText,
  ordersText,
  orderText,
  risingText,
  sizeText,
} from './text';
