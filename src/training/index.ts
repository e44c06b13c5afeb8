export type { FitOptions, History, Progress } from './history';
export { checkProfile, type Profile, profiles, withProfile } from './profiles';
export { fitPyTorch } from './pytorch';
export { type Framework, pytorchRecipe, type Recipe, tensorflowRecipe } from './recipe';
export { checkRecipe } from './recipe-check';
export { type FullRun, readFullRun, readOrTrain, readRun, saveRun } from './runs';
export { fitTensorFlow } from './tensorflow';
