/** One model in both frameworks, with the same start and the same batches, compared layer by layer. */
export {
  type Agreement,
  agreementOf,
  largest,
  largestByStep,
  relativeLoss,
  type Tipping,
  tippingOf,
} from './agreement';
export { sharedBatches } from './batches';
export { buildPair, type Layer, layersOf, type Pair } from './layers';
export { runSameRecipes, type SameRecipeRecord, sameRecipeName } from './record';
export {
  runSameRecipe,
  type SameRecipe,
  type SameRecipeOptions,
  stepsToCompare,
} from './same-recipe';
export type { Batch } from './steps';
export { answerOfSameRecipe, layersText, layerTable, recipeName, sameLoss } from './text';
export {
  type Compared,
  compareSteps,
  type Departure,
  difference,
  firstDeparture,
  firstStepTolerance,
  type LayerDifference,
  rounding,
  type StepDifference,
} from './trace';
export { copyToPyTorch, copyToTensorFlow } from './weights';
