import type { Case } from './case';
import { containers } from './containers';
import { recurrent } from './recurrent';

/** The whole table: what `npm run parity -- --suite nn` does in both languages. */
export const cases: readonly Case[] = [...containers, ...recurrent];
