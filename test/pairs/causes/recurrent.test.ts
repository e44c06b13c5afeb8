import { runCases } from './cases';
import { recurrentCases } from './recurrent';

runCases(recurrentCases);
