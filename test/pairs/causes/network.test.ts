import { activationCases } from './activations';
import { runCases } from './cases';
import { layerCases } from './layers';
import { recurrentCases } from './recurrent';

// In one file, so that each framework starts once for all of them.
runCases([...activationCases, ...layerCases, ...recurrentCases]);
