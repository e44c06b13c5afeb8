import { labelOf, type Unit } from '../units';
import { addPatch, type Cause, type Finding, type PairView, pairsOf, placesOf } from './cause';

type Pads = readonly (readonly [number, number])[];

/** What is padded before a unit by a layer that only pads. */
function explicit(unit: Unit, units: readonly Unit[]): Pads | undefined {
  const source = units[unit.sources[0] ?? -1];
  if (source?.kind !== 'pad' || source.settings.mode !== 'constant' || source.settings.value)
    return undefined;
  const pad = source.settings.pad as Pads;
  const axes = (unit.settings.pad as Pads).length;
  return pad.length >= axes ? pad.slice(-axes) : undefined;
}

export const paddingOf = (unit: Unit, units: readonly Unit[]): Pads => {
  const own = unit.settings.pad as Pads;
  const before = explicit(unit, units);
  return own.map(([a, b], i) => [a + (before?.[i]?.[0] ?? 0), b + (before?.[i]?.[1] ?? 0)]);
};

const told = (pads: Pads): string =>
  pads.map(([a, b]) => (a === b ? `${a}` : `${a} before and ${b} after`)).join(', ');

const flat = (pads: Pads): number[] => [...pads].reverse().flat();

function found(view: PairView, name: (pairs: readonly Unit[]) => string): Finding[] {
  return pairsOf(view, 'conv').flatMap(({ pair, own, reference }) => {
    const sideOf = (unit: Unit) => (unit === pair.left ? view.left : view.right);
    if (!own.settings.pad || !reference.settings.pad) return [];
    const [mine, wanted] = [
      paddingOf(own, sideOf(own).units),
      paddingOf(reference, sideOf(reference).units),
    ];
    if (JSON.stringify(mine) === JSON.stringify(wanted)) return [];
    const both = {
      left: paddingOf(pair.left, view.left.units),
      right: paddingOf(pair.right, view.right.units),
    };
    const before = explicit(own, sideOf(own).units);
    const change = wanted.map(
      ([a, b], i) => [a - (before?.[i]?.[0] ?? 0), b - (before?.[i]?.[1] ?? 0)] as const,
    );
    const fix = (framework: 'keras' | 'torch', pads: Pads): string => {
      if (framework === 'keras')
        return `ZeroPadding before it with (${pads.map(([a, b]) => `(${a}, ${b})`).join(', ')}), padding="valid"`;
      return pads.every(([a, b]) => a === b)
        ? `padding=${pads.length > 1 ? `(${pads.map(([a]) => a).join(', ')})` : pads[0]![0]}`
        : `x = F.pad(x, (${flat(pads).join(', ')})) before it, padding=0`;
    };
    return [
      {
        name: name([pair.left, pair.right]),
        left: `pads ${told(both.left)}`,
        right: `pads ${told(both.right)}`,
        layer: labelOf(pair.left),
        places: placesOf(pair),
        fix: {
          left: fix(view.left.framework, both.right),
          right: fix(view.right.framework, both.left),
        },
        apply: (plan) =>
          addPatch(plan[view.changed], own.call.key, {
            pad: flat(change),
            args: { padding: change.map(() => 0) },
          }),
      },
    ];
  });
}

const same = (units: readonly Unit[]): boolean => units.some(({ settings }) => settings.same);

/** What transposed convolutions cut off their results, before and after. */
function crops(view: PairView): Finding[] {
  return pairsOf(view, 'convTranspose').flatMap(({ pair, own, reference }): Finding[] => {
    const [mine, wanted] = [own.settings.crop, reference.settings.crop] as (Pads | undefined)[];
    if (!mine || !wanted || JSON.stringify(mine) === JSON.stringify(wanted)) return [];
    const text = (unit: Unit) => `cuts off ${told(unit.settings.crop as Pads)}`;
    const fix = (framework: 'keras' | 'torch', crop: Pads) =>
      framework === 'torch'
        ? `padding=0, and the result without the first ${crop.map(([a]) => a).join(', ')} and the last ${crop.map(([, b]) => b).join(', ')}`
        : `padding="valid" and Cropping of (${crop.map(([a, b]) => `(${a}, ${b})`).join(', ')})`;
    return [
      {
        name: same([pair.left, pair.right]) ? 'padding-same' : 'padding',
        left: text(pair.left),
        right: text(pair.right),
        layer: labelOf(pair.left),
        places: placesOf(pair),
        fix: {
          left: fix(view.left.framework, pair.right.settings.crop as Pads),
          right: fix(view.right.framework, pair.left.settings.crop as Pads),
        },
        apply: (plan) =>
          addPatch(plan[view.changed], own.call.key, {
            emulate: 'conv-transpose',
            params: { crop: wanted },
          }),
      },
    ];
  });
}

export const paddingSame: Cause = {
  name: 'padding-same',
  summary:
    'With a stride, "same" pads at the end only where the input is even; a padding of k // 2 pads on both sides.',
  sources: [
    'https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html',
  ],
  find: (view) => [
    ...crops(view),
    ...found(view, (units) => (same(units) ? 'padding-same' : 'padding')),
  ],
};
