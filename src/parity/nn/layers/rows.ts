import * as torch from 'tandem-torch';
import type { LayerCase } from '../case';

/** A module in both languages: Python's expression and ours. */
export type Row = readonly [python: string, make: () => torch.nn.Module];

/** Inputs in both languages. */
export interface Inputs {
  readonly python: string;
  readonly make: () => readonly unknown[];
}

/** Normally distributed inputs of these shapes. */
export const randn = (...shapes: readonly (readonly number[])[]): Inputs => ({
  python: `(${shapes.map((shape) => `torch.randn(${shape.join(', ')})`).join(', ')},)`,
  make: () => shapes.map((shape) => torch.randn(shape)),
});

/** The cases of several modules on the same inputs. */
export const on = (
  inputs: Inputs,
  rows: readonly Row[],
  extra: Pick<LayerCase, 'kind' | 'keywords' | 'frozen'> = { kind: 'layer' },
): LayerCase[] =>
  rows.map(([python, make]) => ({
    ...extra,
    python,
    inputs: inputs.python,
    typescript: () => ({ module: make(), inputs: inputs.make }),
  }));
