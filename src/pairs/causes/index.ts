import { activationCauses } from './activations';
import { batchNormEpsilon, batchNormMomentum, batchNormRunningVariance } from './batch-norm';
import type { Cause } from './cause';
import { dropoutInEvaluation, dropoutRate } from './dropout';
import { groupNormEpsilon, layerNormEpsilon } from './epsilons';
import { lossCauses } from './loss';
import { optimizerCauses } from './optimizer';
import { paddingSame } from './padding';
import { poolingCauses } from './pooling';
import { recurrentCauses } from './recurrent';
import { shapeCauses } from './shape';
import { structureCauses } from './structure';

export * from './cause';

/** All causes that are known, in the order in which they act: forward first, then loss, then step. */
export const causes: readonly Cause[] = [
  ...shapeCauses,
  ...structureCauses,
  paddingSame,
  ...poolingCauses,
  batchNormEpsilon,
  layerNormEpsilon,
  groupNormEpsilon,
  ...activationCauses,
  ...recurrentCauses,
  dropoutInEvaluation,
  dropoutRate,
  ...lossCauses,
  batchNormMomentum,
  batchNormRunningVariance,
  ...optimizerCauses,
];
