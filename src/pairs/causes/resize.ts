import { labelOf, type Unit } from '../units';
import {
  addPatch,
  type Cause,
  type Finding,
  type PairView,
  pairsOf,
  placesOf,
  same,
  type Which,
} from './cause';

/** In the order in which they are named where several differ. */
const settings = [
  ['mode', 'resize-mode'],
  ['corners', 'resize-corners'],
  ['antialias', 'resize-antialias'],
  ['halfPixels', 'resize-half-pixels'],
  ['cubic', 'resize-cubic'],
] as const;

const text = ({ settings: { mode, corners, antialias, halfPixels, cubic } }: Unit): string =>
  [
    mode,
    ...(corners ? ['by the centres of the corners'] : []),
    ...(antialias ? ['with antialias'] : []),
    ...(mode === 'nearest' ? [halfPixels ? 'by half pixels' : 'by whole pixels'] : []),
    ...(mode === 'bicubic' ? [`a = ${cubic}`] : []),
  ].join(', ');

/** What a side would have to write for it. */
function code(framework: 'keras' | 'torch', unit: Unit): string {
  const { mode, corners, antialias, halfPixels } = unit.settings;
  if (framework === 'keras')
    return corners
      ? 'keras.ops.image.resize has no align_corners; take it out on the other side'
      : `interpolation="${mode}"${antialias ? ', antialias=True' : ''}`;
  const name = mode === 'nearest' && halfPixels ? 'nearest-exact' : mode;
  return `mode="${name}"${corners ? ', align_corners=True' : ''}${antialias ? ', antialias=True' : ''}`;
}

/** A resizing that only one side has, such as of its input. */
function missing(view: PairView): Finding[] {
  return (['left', 'right'] as const).flatMap((which) =>
    view.match.unmatched[which]
      .filter(({ kind }) => kind === 'upsample')
      .map((unit): Finding => {
        const size = (shape: readonly number[] = []) =>
          (unit.channelsLast ? shape.slice(1, -1) : shape.slice(2)).join('×');
        const told = `resizes from ${size(unit.call.in[0])} to ${size(unit.call.out[0])} (${text(unit)})`;
        const fix = (side: Which) =>
          side === which ? 'no resizing' : `resize to ${size(unit.call.out[0])} too`;
        const first = view[view.changed].units.find(({ sources }) => sources[0] === -1);
        return {
          name: 'resize-missing',
          left: which === 'left' ? told : 'resizes nothing',
          right: which === 'right' ? told : 'resizes nothing',
          layer: labelOf(unit),
          places: [unit.call.place],
          fix: { left: fix('left'), right: fix('right') },
          apply(plan) {
            if (which === view.changed) addPatch(plan[which], unit.call.key, { skip: true });
            else if (first && unit.sources[0] === -1) {
              const { settings, channelsLast, call } = unit;
              const [shape = []] = call.out;
              const to = channelsLast ? shape.slice(1, -1) : shape.slice(2);
              addPatch(plan[view.changed], first.call.key, {
                input: [{ resize: { ...settings, size: to } }],
              });
            }
          },
        };
      }),
  );
}

export const resize: Cause = {
  name: 'resize-mode',
  summary:
    'Resizing differs: in its interpolation, corners as centres or as edges, whole or half pixels, or antialiasing.',
  sources: [
    'https://keras.io/api/layers/reshaping_layers/up_sampling2d/',
    'https://keras.io/api/layers/preprocessing_layers/image_preprocessing/resizing/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html',
  ],
  find: (view) => [
    ...missing(view),
    ...pairsOf(view, 'upsample').flatMap(({ pair, own, reference }): Finding[] => {
      const [first] = settings.filter(([key]) => !same(own.settings[key], reference.settings[key]));
      if (!first) return [];
      return [
        {
          name: first[1],
          left: text(pair.left),
          right: text(pair.right),
          layer: labelOf(pair.left),
          places: placesOf(pair),
          fix: {
            left: code(view.left.framework, pair.right),
            right: code(view.right.framework, pair.left),
          },
          apply: (plan) =>
            addPatch(plan[view.changed], own.call.key, {
              emulate: 'resize',
              params: { ...reference.settings, size: own.call.out[0]?.slice(2) },
            }),
        },
      ];
    }),
  ],
};
