import { activationCauses } from './activations';
import { attentionMask } from './attention';
import { axesReshaped, channelOrder } from './axes';
import {
  batchNormEpsilon,
  batchNormFrozen,
  batchNormMomentum,
  batchNormRunningVariance,
} from './batch-norm';
import type { Cause } from './cause';
import { dropoutInEvaluation, dropoutRate, dropoutSpatial } from './dropout';
import { groupNormEpsilon, layerNormEpsilon } from './epsilons';
import { inputScaleDiffers } from './input-scale';
import { integerInputs } from './integer-inputs';
import { lossCauses } from './loss';
import { optimizerCauses } from './optimizer';
import { paddingSame } from './padding';
import { poolingCauses } from './pooling';
import { precision } from './precision';
import { recurrentCauses } from './recurrent';
import { resize } from './resize';
import { sampleWeights } from './sample-weights';
import { schedule } from './schedule';
import { shapeCauses } from './shape';
import { structureCauses } from './structure';
import { training } from './training';

export * from './cause';
export { lossesAlike } from './loss';
export { lessPrecise } from './precision';
export { insertedWeights } from './shape';
export { trainingOf } from './training';

/** All known causes, in the order in which they act: forward, then loss, then step. */
export const causes: readonly Cause[] = [
  ...shapeCauses,
  precision,
  channelOrder,
  inputScaleDiffers,
  integerInputs,
  axesReshaped,
  ...structureCauses,
  paddingSame,
  ...poolingCauses,
  resize,
  batchNormEpsilon,
  layerNormEpsilon,
  groupNormEpsilon,
  ...activationCauses,
  ...recurrentCauses,
  attentionMask,
  dropoutInEvaluation,
  dropoutRate,
  dropoutSpatial,
  ...lossCauses,
  sampleWeights,
  batchNormFrozen,
  batchNormMomentum,
  batchNormRunningVariance,
  ...optimizerCauses,
  schedule,
  training,
];
