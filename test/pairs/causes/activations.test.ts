import { activationCases } from './activations';
import { runCases } from './cases';

runCases(activationCases);
