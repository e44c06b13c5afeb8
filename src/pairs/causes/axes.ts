import { labelOf, type Unit } from '../units';
import {
  addPatch,
  type Cause,
  type Finding,
  firstUnit,
  other,
  type PairView,
  type Which,
} from './cause';

/** A call that takes a tensor apart as it lies in memory, where its axes had to be turned first. */
interface Reshaped {
  readonly unit: Unit;
  /** The order of the axes that was meant, and the shape that comes out. */
  readonly permute: readonly number[];
  readonly to: readonly number[];
}

const orders: readonly (readonly number[])[] = [
  [0, 2, 1],
  [0, 3, 1, 2],
  [0, 2, 3, 1],
  [0, 4, 1, 2, 3],
  [0, 2, 3, 4, 1],
];

/** Finds `x.view(N, C, H, W)` of `[N, H, W, C]` and the like in PyTorch, and Keras' `Reshape`. */
function reshapedAxes(unit: Unit, units: readonly Unit[]): Reshaped | undefined {
  if (!/^(view|reshape|Reshape|unflatten)$/.test(unit.call.type)) return undefined;
  const [[from = []], [to = []]] = [unit.call.in, unit.call.out];
  if (from.join() === to.join()) return undefined;
  const same = (shape: readonly number[]) => shape.join() === to.join();
  // [D, N, H], the states of both directions, as [N, D·H].
  const source = units[unit.sources[0] ?? -1];
  if (['lstm', 'gru', 'rnn'].includes(source?.kind ?? '') && from.length === 3) {
    const [d, n, h] = from as [number, number, number];
    if (same([n, d * h]) && n !== d) return { unit, permute: [1, 0, 2], to };
  }
  for (const permute of orders) {
    if (permute.length !== from.length) continue;
    const turned = permute.map((axis) => from[axis]!);
    if (same(turned)) return { unit, permute, to };
    // [N, C, H, W] as [N, H·W, C].
    const flat = [turned[0]!, turned.slice(1, -1).reduce((a, b) => a * b, 1), turned.at(-1)!];
    if (from.length > 3 && permute[1] === 2 && same(flat)) return { unit, permute, to };
  }
  return undefined;
}

export const axesReshaped: Cause = {
  name: 'axes-reshaped',
  summary:
    'Axes are swapped by a reshape, which keeps the order in memory and so mixes channels, positions or samples; permute swaps them correctly.',
  sources: [
    'https://docs.pytorch.org/docs/stable/generated/torch.permute.html',
    'https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html',
    'https://keras.io/api/layers/reshaping_layers/permute/',
  ],
  find: (view) => [
    ...reshapedData(view),
    ...(['left', 'right'] as const).flatMap((which) =>
      view[which].units.flatMap((unit): Finding[] => {
        const found = reshapedAxes(unit, view[which].units);
        const keras = view[which].framework === 'keras';
        if (!found || (keras && !view.torch)) return [];
        const { permute, to } = found;
        const order = permute.join(', ');
        const fix = keras
          ? `Permute((${permute.slice(1).join(', ')}))`
          : `.permute(${order})${permute.length === to.length ? '' : '.flatten'} in place of .${unit.call.type}`;
        const fine = 'swaps no axes by a reshape';
        return [
          {
            name: 'axes-reshaped',
            left: fine,
            right: fine,
            [which]: `${unit.call.type} of [${unit.call.in[0]?.join(', ')}] to [${to.join(', ')}]`,
            layer: labelOf(unit),
            places: [unit.call.place],
            fix: { left: fix, right: fix },
            apply: (plan) =>
              addPatch(plan[which], unit.call.key, { emulate: 'permute', params: { permute, to } }),
          },
        ];
      }),
    ),
  ],
};

/** A program's inputs that are the other's `[N, H, W, C]` taken for `[N, C, H, W]`, or the other way round. */
const reshapedData = (view: PairView): Finding[] =>
  (['left', 'right'] as const).flatMap((which): Finding[] => {
    const sizes = view[which].prepared?.reshaped;
    const { torch } = view;
    const first = torch && firstUnit(view[torch]);
    if (!sizes || !first) return [];
    const fix = 'np.transpose(inputs, (0, 3, 1, 2)) in place of the reshape';
    return [
      {
        name: 'axes-reshaped',
        left: 'swaps no axes by a reshape',
        right: 'swaps no axes by a reshape',
        [which]: `inputs are the other program’s [${sizes.join(', ')}], reshaped`,
        places: [view[which].description.places?.inputs ?? null],
        fix: { left: fix, right: fix },
        apply: (plan) => addPatch(plan[torch], first.call.key, { input: [{ relaid: sizes }] }),
      },
    ];
  });

/** The units between a model's input and its first layer that turn the order of the channels round. */
function turned(view: PairView, which: Which): Unit[] {
  const { units, inputLast, framework } = view[which];
  const found: Unit[] = [];
  const seen = new Set<number>();
  const walk = (index: number) => {
    for (const unit of units) {
      if (!unit.sources.includes(index) || seen.has(unit.index)) continue;
      if (unit.kind !== 'shape' && unit.kind !== 'arithmetic') continue;
      seen.add(unit.index);
      const rank = unit.call.in[0]?.length ?? 0;
      const channels = framework === 'keras' || inputLast || rank < 3 ? rank - 1 : 1;
      const flips = (unit.settings.flips as number[] | undefined) ?? [];
      if (flips.some((axis) => (axis < 0 ? axis + rank : axis) === channels)) found.push(unit);
      walk(unit.index);
    }
  };
  walk(-1);
  return found;
}

export const channelOrder: Cause = {
  name: 'channel-order',
  summary: 'One model reverses the channels of its input: RGB is BGR on the other side.',
  sources: [
    'https://keras.io/api/applications/#usage-examples-for-image-classification-models',
    'https://docs.pytorch.org/docs/stable/generated/torch.flip.html',
  ],
  find(view) {
    const found = { left: turned(view, 'left'), right: turned(view, 'right') };
    const odd = (which: Which) =>
      (found[which].length + (view[which].prepared?.turned ? 1 : 0)) % 2 === 1;
    if (odd('left') === odd('right')) return [];
    const text = (which: Which) =>
      odd(which) ? 'reverses the channels (BGR)' : 'takes the channels as they are';
    const fix = (which: Which) =>
      odd(which)
        ? 'take the channels as they are'
        : view[which].framework === 'keras'
          ? 'x[..., ::-1] first'
          : 'x.flip(1) first';
    const { changed } = view;
    const own = found[changed];
    return [
      {
        name: 'channel-order',
        left: text('left'),
        right: text('right'),
        places: (['left', 'right'] as const).flatMap((which) => [
          ...found[which].map(({ call }) => call.place),
          ...(view[which].prepared?.turned ? [view[which].description.places?.inputs ?? null] : []),
        ]),
        fix: { left: fix('left'), right: fix('right') },
        apply(plan) {
          for (const { call } of own) addPatch(plan[changed], call.key, { skip: true });
          if (odd(other(changed)) === Boolean(view[changed].prepared?.turned)) return;
          const first = firstUnit(view[changed]);
          const last = view[changed].framework === 'keras' || view[changed].inputLast;
          const axis = last || (first?.call.in[0]?.length ?? 0) < 3 ? -1 : 1;
          if (first) addPatch(plan[changed], first.call.key, { input: [{ flip: [axis] }] });
        },
      },
    ];
  },
};
