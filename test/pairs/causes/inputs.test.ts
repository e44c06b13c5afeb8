import { runCases } from './cases';
import { inputCases } from './inputs';

runCases(inputCases);
