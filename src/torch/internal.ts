/** What the tools around this package need besides its public names. It may change with any version. */
import './index';
import * as functions from './generated/functions';
import * as nn from './generated/nn';

export { isNotHere } from './absent';
export { isDevice } from './device';
export { isOptions } from './dispatch';
export { parseIndices } from './index-text';
export { Module, Parameter } from './nn';
export { Tensor } from './tensor';
export { ellipsis, Slice } from './types';

/** The modules whose functions are operators of ATen, besides linalg, fft and special. */
export const generated = [functions, nn];
