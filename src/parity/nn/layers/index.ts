import type { LayerCase } from '../case';
import { activations } from './activation';
import { convolutions } from './convolution';
import { dropouts } from './dropout';
import { linears } from './linear';
import { normalizations } from './normalization';
import { poolings } from './pooling';
import { shapes } from './shape';

/** The layers on PyTorch's nn page, except recurrent ones, attention and containers. */
export const layers: readonly LayerCase[] = [
  ...linears,
  ...convolutions,
  ...poolings,
  ...shapes,
  ...normalizations,
  ...dropouts,
  ...activations,
];
