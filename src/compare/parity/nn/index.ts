import type { Case } from './case';
import { containers } from './containers';
import { optimizers } from './optimizers';
import { recurrent } from './recurrent';
import { schedulers } from './schedulers';

/** The whole table: what `npm run parity -- --suite nn` does in both languages. */
export const cases: readonly Case[] = [...containers, ...recurrent, ...optimizers, ...schedulers];
