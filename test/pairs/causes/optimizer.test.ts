import { runCases } from './cases';
import { optimizerCases } from './optimizer';

runCases(optimizerCases);
