import { runCases } from './cases';
import { lossCases } from './loss';

runCases(lossCases);
