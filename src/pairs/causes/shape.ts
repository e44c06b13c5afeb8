import type { NDArray } from '../arrays';
import { labelOf, type Unit } from '../units';
import { addPatch, type Cause, type Finding, other, type PairView, type Which } from './cause';

const weighty = (unit: Unit): boolean => Object.keys(unit.slots).length > 0;

const sizes = ({ kind, settings, slots }: Unit): string =>
  kind === 'pool'
    ? `${settings.fn} of ${[settings.size ?? settings.adaptive].flat().join('×')}`
    : Object.entries(slots)
        .map(([role, { shape }]) => `${role} ${shape.join('×')}`)
        .join(', ');

const nothing = (): void => undefined;

/** The unit that takes a layer's output, past what only this side has; an activation right behind it goes with it. */
function after(view: PairView, which: Which, unit: Unit): { next?: Unit; activation?: Unit } {
  const { units } = view[which];
  const lone = (found: Unit) => view.match.unmatched[which].includes(found);
  let [at, activation]: [Unit, Unit | undefined] = [unit, undefined];
  for (;;) {
    const [next, ...more] = units.filter(({ sources }) => sources.includes(at.index));
    if (more.length > 0 || !next) return {};
    if (!lone(next)) return { next, activation };
    if (at === unit && next.kind === 'activation') activation = next;
    at = next;
  }
}

/** How a layer is put before a call of PyTorch's that takes its output; undefined where that can't be. */
function insertion({ kind, settings, index }: Unit): Record<string, unknown> | undefined {
  const pad = () => [...(settings.pad as [number, number][])].reverse().flat();
  if (kind === 'linear') return { insert: String(index) };
  const { fn, size, stride, dilation, groups, countsPadding } = settings;
  if (kind === 'conv' && settings.pad)
    return { insert: String(index), conv: { stride, dilation, groups, pad: pad() } };
  return kind === 'pool' && settings.pad
    ? { pool: { fn, size, stride, countsPadding, pad: pad() } }
    : undefined;
}

/** Whether a layer that only one side has goes with an activation that only it has. */
export const followsLone = (view: PairView, which: Which, unit: Unit): boolean => {
  const before = view[which].units[unit.sources[0] ?? -1];
  return Boolean(before && weighty(before) && view.match.unmatched[which].includes(before));
};

/** Takes a layer out where it is, or puts it in where it is missing. */
function brought(view: PairView, which: Which, unit: Unit): Finding['apply'] {
  const { next, activation } = after(view, which, unit);
  const [[from = []], [to = []]] = [unit.call.in, unit.call.out];
  if (which === view.changed || from.join() === to.join()) {
    return (plan) => {
      addPatch(plan[which], unit.call.key, { skip: true });
      if (activation) addPatch(plan[which], activation.call.key, { skip: true });
    };
  }
  const pair = view.match.pairs.find((found) => found[which] === next);
  const target = pair?.[view.changed];
  const way = insertion(unit);
  if (!way || !target || target.kind === 'merge' || view[view.changed].framework !== 'torch')
    return nothing;
  return (plan) => {
    const side = plan[view.changed];
    if (way.insert) side.inserted = [...(side.inserted ?? []), String(unit.index)];
    addPatch(side, target.call.key, {
      input: [
        {
          ...way,
          ...(activation && { activation: { ...activation.settings } }),
        },
      ],
    });
  };
}

/** The weights of the layers that the changed side lacks, in the layout that both share. */
export function insertedWeights(view: PairView): Map<string, NDArray> {
  const which = other(view.changed);
  const weights = new Map<string, NDArray>();
  if (view[view.changed].framework !== 'torch') return weights;
  for (const { which: of, unit } of unmatched(view).lone) {
    if (of !== which || !insertion(unit)?.insert) continue;
    for (const [role, slot] of Object.entries(unit.slots)) {
      const array = view[which].start.get(`start:${slot.name}`);
      if (array) weights.set(`${unit.index}:${role}`, slot.read(array));
    }
  }
  return weights;
}

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
      ...(['left', 'right'] as const).flatMap((which) =>
        view.match.unmatched[which]
          .filter(({ kind }) => kind === 'pool')
          .map((unit) => ({ which, unit })),
      ),
    ].sort((a, b) => a.unit.index - b.unit.index),
  };
}

const inputShape: Cause = {
  name: 'input-shape',
  summary: 'The two models take inputs of different shapes.',
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
  summary: 'A layer has different sizes.',
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
  summary: 'One side has a layer with weights, or a pooling, that the other lacks.',
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
        apply: brought(view, which, unit),
      };
    }),
};

export const shapeCauses: readonly Cause[] = [inputShape, layerSize, layerMissing];
