import type { Side } from '../side';
import type { Unit } from '../units';
import { addPatch, type Cause, firstUnit, type PairView, short, type Which } from './cause';
import { operand } from './input-scale';

/** The calls that make whole numbers of a model's inputs before its first layer takes them. */
function wholes(side: Side): Unit[] {
  const found: Unit[] = [];
  let unit = firstUnit(side);
  while (unit && ['arithmetic', 'shape', 'upsample'].includes(unit.kind)) {
    if (unit.settings.fn === 'whole') found.push(unit);
    const { index } = unit;
    unit = side.units.find(({ sources }) => sources[0] === index);
  }
  // Words are whole numbers anyway.
  return unit?.kind === 'embedding' ? [] : found;
}

const words = { trunc: 'cut off', floor: 'rounded down', round: 'rounded' };

/** What a side does, in words; undefined where it keeps fractions. */
function text(view: PairView, which: Which): string | undefined {
  const bound = view[which].prepared?.whole;
  const calls = wholes(view[which]).map((unit) =>
    unit.settings.divides ? `x // ${(operand(unit) ?? []).map(short)}` : 'x cast to whole numbers',
  );
  const all = bound
    ? [`whole numbers, ${words[bound]}, as its program binds them`, ...calls]
    : calls;
  return all.length > 0 ? all.join(', then ') : undefined;
}

export const integerInputs: Cause = {
  name: 'integer-inputs',
  summary:
    'One side makes whole numbers of its inputs, by a cast or by `//`, and loses their fractions.',
  sources: [
    'https://keras.io/api/ops/core/#cast-function',
    'https://docs.pytorch.org/docs/stable/generated/torch.floor_divide.html',
    'https://numpy.org/doc/stable/reference/generated/numpy.ndarray.astype.html',
  ],
  find(view) {
    const said = { left: text(view, 'left'), right: text(view, 'right') };
    if (said.left === said.right) return [];
    const keeps = 'keeps the fractions of its inputs';
    const fix = (which: Which, wanted: Which) =>
      said[which]
        ? `floats: no cast to whole numbers before the first layer, and / in place of //`
        : `the same as the other side: ${said[wanted]}`;
    const place = (which: Which) =>
      wholes(view[which])[0]?.call.place ??
      (view[which].prepared?.whole ? view[which].description.places?.inputs : null) ??
      null;
    return [
      {
        name: 'integer-inputs',
        left: said.left ?? keeps,
        right: said.right ?? keeps,
        places: [place('left'), place('right')],
        fix: { left: fix('left', 'right'), right: fix('right', 'left') },
        // Lost fractions can't be given back: the side that loses them is the one that is changed.
        apply(plan) {
          for (const which of ['left', 'right'] as const) {
            delete plan[which].whole;
            for (const unit of wholes(view[which]))
              addPatch(
                plan[which],
                unit.call.key,
                unit.settings.divides
                  ? { emulate: 'divide', params: { by: operand(unit)![0] } }
                  : { skip: true },
              );
          }
        },
      },
    ];
  },
};
