import type { Recipe } from '../training/recipe';

/** One choice in which two recipes differ. */
export interface Difference {
  readonly field: keyof Recipe;
  readonly left: string;
  readonly right: string;
}

/** A choice in words: `none`, `yes`, `mean 0.1307, std 0.3081`. */
export function describe(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value !== 'object') return String(value);
  return Object.entries(value)
    .map(([name, part]) => `${name} ${part}`)
    .join(', ');
}

/** The fields whose values differ, in the recipe's order; the name and the amount of data are no choices. */
export function recipeDifferences(left: Recipe, right: Recipe): Difference[] {
  const fields = Object.keys(left) as (keyof Recipe)[];
  return fields
    .filter((field) => !['name', 'trainImages', 'testImages'].includes(field))
    .map((field) => ({ field, left: describe(left[field]), right: describe(right[field]) }))
    .filter((row) => row.left !== row.right);
}
