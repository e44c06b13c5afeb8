export { confusionCounts } from './confusion';
export type { FitOptions, History, Progress } from './history';
export {
  checkProfile,
  notebookProfile,
  type Profile,
  profiles,
  withProfile,
} from './profiles';
export { fitPyTorch, predictPyTorch } from './pytorch';
export { type Framework, pytorchRecipe, type Recipe, tensorflowRecipe } from './recipe';
export { checkRecipe } from './recipe-check';
export { type FullRun, readFullRun, readOrTrain, readRun, saveRun } from './runs';
export { splits } from './splits';
export { fitTensorFlow, predictTensorFlow } from './tensorflow';
