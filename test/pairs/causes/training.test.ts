import { runCases } from './cases';
import { inputCases } from './inputs';
import { lossCases } from './loss';
import { optimizerCases } from './optimizer';

// In one file, so that each framework starts once for all of them.
runCases([...inputCases, ...lossCases, ...optimizerCases]);
