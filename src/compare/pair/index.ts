/** One model in both frameworks, from one start and on one order of batches, compared layer by layer. */
export { sharedBatches } from './batches';
export { buildPair, type Layer, layersOf, type Pair } from './layers';
export {
  type Batch,
  compareSteps,
  type Departure,
  difference,
  firstDeparture,
  type LayerDifference,
  rounding,
  type StepDifference,
} from './trace';
export { copyToPyTorch, copyToTensorFlow } from './weights';
