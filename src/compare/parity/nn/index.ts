import type { Case } from './case';
import { containers } from './containers';

/** The whole table: what `npm run parity -- --suite nn` does in both languages. */
export const cases: readonly Case[] = [...containers];
