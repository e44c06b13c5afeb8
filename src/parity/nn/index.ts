import type { Case } from './case';
import { containers } from './containers';
import { layers } from './layers';
import { losses } from './losses';
import { optimizers } from './optimizers';
import { parametrized } from './parametrized';
import { recurrent } from './recurrent';
import { schedulers } from './schedulers';
import { transformer } from './transformer';

/** All cases of `npm run parity -- --suite nn`. */
export const cases: readonly Case[] = [
  ...layers,
  ...losses,
  ...containers,
  ...recurrent,
  ...transformer,
  ...parametrized,
  ...optimizers,
  ...schedulers,
];
