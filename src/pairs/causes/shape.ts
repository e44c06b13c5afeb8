import { labelOf, type Unit } from '../units';
import type { Cause, Finding, Which } from './cause';

const weighty = (unit: Unit): boolean => Object.keys(unit.slots).length > 0;

const sizes = ({ slots }: Unit): string =>
  Object.entries(slots)
    .map(([role, { shape }]) => `${role} ${shape.join('×')}`)
    .join(', ');

const nothing = (): void => undefined;

/** Layers of one kind that stand in one order and have other sizes, and those that have no counterpart at all. */
function unmatched(view: Parameters<Cause['find']>[0]): {
  resized: [Unit, Unit][];
  lone: { which: Which; unit: Unit }[];
} {
  const left = view.match.unmatched.left.filter(weighty);
  const right = view.match.unmatched.right.filter(weighty);
  const resized: [Unit, Unit][] = [];
  // From the end: heads belong together, and what one side lacks is mostly before them.
  for (const unit of [...left].reverse()) {
    const at = right.findLastIndex(({ kind }) => kind === unit.kind);
    if (at < 0) continue;
    resized.unshift([unit, right[at]!]);
    right.splice(at, 1);
  }
  const taken = new Set(resized.map(([unit]) => unit));
  return {
    resized,
    lone: [
      ...left.filter((unit) => !taken.has(unit)).map((unit) => ({ which: 'left' as const, unit })),
      ...right.map((unit) => ({ which: 'right' as const, unit })),
    ],
  };
}

const inputShape: Cause = {
  name: 'input-shape',
  summary: 'The two models take inputs of another shape.',
  sources: ['https://keras.io/api/layers/core_layers/input/'],
  find({ left, right }) {
    const [a, b] = [left.inputShape, right.inputShape];
    if (a.join() === b.join()) return [];
    const text = (shape: readonly number[]) => `[N, ${shape.join(', ')}]`;
    return [
      {
        name: 'input-shape',
        left: text(a),
        right: text(b),
        places: [],
        fix: { left: `inputs ${text(b)}`, right: `inputs ${text(a)}` },
        apply: nothing,
      },
    ];
  },
};

const layerSize: Cause = {
  name: 'layer-size',
  summary: 'A layer has other sizes on the other side.',
  sources: [],
  find: (view) =>
    unmatched(view).resized.map(
      ([left, right]): Finding => ({
        name: 'layer-size',
        left: `${labelOf(left)}: ${sizes(left)}`,
        right: `${labelOf(right)}: ${sizes(right)}`,
        layer: labelOf(left),
        places: [left.call.place, right.call.place],
        fix: { left: sizes(right), right: sizes(left) },
        apply: nothing,
      }),
    ),
};

const layerMissing: Cause = {
  name: 'layer-missing',
  summary: 'One side has a layer with weights that the other lacks.',
  sources: [],
  find: (view) =>
    unmatched(view).lone.map(({ which, unit }): Finding => {
      const text = (side: Which) =>
        side === which ? `${labelOf(unit)} (${unit.kind}): ${sizes(unit)}` : `no such ${unit.kind}`;
      return {
        name: 'layer-missing',
        left: text('left'),
        right: text('right'),
        layer: labelOf(unit),
        places: [unit.call.place],
        fix: {
          left: which === 'left' ? 'leave it out' : `add it (${unit.kind})`,
          right: which === 'right' ? 'leave it out' : `add it (${unit.kind})`,
        },
        apply: nothing,
      };
    }),
};

export const shapeCauses: readonly Cause[] = [inputShape, layerSize, layerMissing];
