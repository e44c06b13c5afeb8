import { labelOf, type Unit } from '../units';
import { addPatch, type Cause, type Finding, pairsOf, placesOf, same } from './cause';
import { paddingOf } from './padding';

const keras = 'https://keras.io/api/layers/pooling_layers/';
const torch = 'https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html';

/** The differences between two poolings, by the name of the cause. */
function difference(
  own: Unit,
  reference: Unit,
  pads: readonly [unknown, unknown],
): string | undefined {
  const [a, b] = [own.settings, reference.settings];
  if (a.fn !== b.fn) return 'pooling-function';
  if (!same(a.size, b.size)) return 'pooling-size';
  if (!same(a.stride, b.stride)) return 'pooling-stride';
  const padded = JSON.stringify(pads).match(/[1-9]/);
  if (a.fn === 'average' && padded && a.countsPadding !== b.countsPadding)
    return 'average-pool-padding';
  if (!same(pads[0], pads[1])) return a.same || b.same ? 'padding-same' : 'padding';
  return undefined;
}

const text = ({ settings }: Unit, pads: readonly (readonly [number, number])[]): string => {
  const parts = [
    `${settings.fn} of ${(settings.size as number[]).join('×')}`,
    `stride ${(settings.stride as number[]).join('×')}`,
  ];
  if (pads.flat().some((size) => size > 0)) {
    parts.push(`padded by ${pads.map(([a, b]) => `${a} and ${b}`).join(', ')}`);
    if (settings.fn === 'average')
      parts.push(settings.countsPadding ? 'padding counted' : 'padding not counted');
  }
  return parts.join(', ');
};

export const poolingCauses: readonly Cause[] = [
  {
    name: 'average-pool-padding',
    summary:
      'Pooling differs: in its padding, whether an average counts the padding, its size or its function.',
    sources: [keras, torch],
    find: (view) =>
      pairsOf(view, 'pool').flatMap(({ pair, own, reference }): Finding[] => {
        if (!own.settings.pad || !reference.settings.pad) return [];
        const pads = {
          left: paddingOf(pair.left, view.left.units),
          right: paddingOf(pair.right, view.right.units),
        };
        const [mine, wanted] =
          view.changed === 'left' ? [pads.left, pads.right] : [pads.right, pads.left];
        const name = difference(own, reference, [mine, wanted]);
        if (!name) return [];
        return [
          {
            name,
            left: text(pair.left, pads.left),
            right: text(pair.right, pads.right),
            layer: labelOf(pair.left),
            places: placesOf(pair),
            fix: { left: text(pair.right, pads.right), right: text(pair.left, pads.left) },
            apply: (plan) =>
              addPatch(plan[view.changed], own.call.key, {
                emulate: 'pool',
                params: {
                  fn: reference.settings.fn,
                  size: reference.settings.size,
                  stride: reference.settings.stride,
                  pad: [...wanted].reverse().flat(),
                  countsPadding: reference.settings.countsPadding,
                },
              }),
          },
        ];
      }),
  },
  {
    name: 'pooling-function',
    summary: 'One side takes the mean over the maps, the other the maximum.',
    sources: [keras, torch],
    find: (view) =>
      pairsOf(view, 'globalPool').flatMap(({ pair, own, reference }): Finding[] =>
        own.settings.fn === reference.settings.fn
          ? []
          : [
              {
                name: 'pooling-function',
                left: String(pair.left.settings.fn),
                right: String(pair.right.settings.fn),
                layer: labelOf(pair.left),
                places: placesOf(pair),
                fix: { left: String(pair.right.settings.fn), right: String(pair.left.settings.fn) },
                apply: (plan) =>
                  addPatch(plan[view.changed], own.call.key, {
                    emulate: 'global-pool',
                    params: { fn: reference.settings.fn, shape: own.call.out[0] },
                  }),
              },
            ],
      ),
  },
];
