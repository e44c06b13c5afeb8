import { runCases } from './cases';
import { layerCases } from './layers';

runCases(layerCases);
