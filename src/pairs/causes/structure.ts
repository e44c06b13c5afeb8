import { trained } from '../optimizer';
import type { Side } from '../side';
import { labelOf, type Unit } from '../units';
import { weightPairs } from '../weights';
import {
  addPatch,
  type Cause,
  type Finding,
  other,
  type PairView,
  pairsOf,
  placesOf,
  same,
  short,
  type Which,
} from './cause';
import { lastActivation } from './loss';
import { followsLone } from './shape';

/** The nearest unit before one that has a counterpart on the other side. */
function matchedBefore(view: PairView, which: Which, unit: Unit): Unit | undefined {
  const { units } = view[which];
  let at = units[unit.sources[0] ?? -1];
  while (at) {
    const found = view.match.pairs.find((pair) => pair[which] === at);
    if (found) return found[other(which)];
    at = units[at.sources[0] ?? -1];
  }
  return undefined;
}

/** Units of a kind that only one side has. */
function lonely(view: PairView, kind: Unit['kind']): { which: Which; unit: Unit }[] {
  return (['left', 'right'] as const).flatMap((which) => {
    const last = lastActivation(view[which]);
    return view.match.unmatched[which]
      .filter((unit) => unit.kind === kind && unit !== last)
      .map((unit) => ({ which, unit }));
  });
}

/** What both sides would have to write for a layer that one lacks. */
function missing(
  name: string,
  view: PairView,
  { which, unit }: { which: Which; unit: Unit },
  told: string,
  apply: Finding['apply'],
): Finding {
  const text = (side: Which) => (side === which ? told : `no ${told}`);
  const fix = (side: Which) => (side === which ? `leave ${told} out` : `add ${told}`);
  return {
    name,
    left: text('left'),
    right: text('right'),
    layer: labelOf(unit),
    places: [unit.call.place],
    fix: { left: fix('left'), right: fix('right') },
    apply: (plan) => {
      if (which === view.changed || view[view.changed].framework !== 'torch') {
        addPatch(plan[which], unit.call.key, { skip: true });
      } else apply(plan);
    },
  };
}

const activationMissing: Cause = {
  name: 'activation-missing',
  summary: 'One side has an activation that the other lacks.',
  sources: [
    'https://keras.io/api/layers/activations/',
    'https://docs.pytorch.org/docs/stable/nn.html',
  ],
  find: (view) =>
    lonely(view, 'activation')
      .filter(({ which, unit }) => !followsLone(view, which, unit))
      .map((found) =>
        missing('activation-missing', view, found, String(found.unit.settings.fn), (plan) => {
          const before = matchedBefore(view, found.which, found.unit);
          if (before)
            addPatch(plan[view.changed], before.call.key, { after: { ...found.unit.settings } });
        }),
      ),
};

const dropoutMissing: Cause = {
  name: 'dropout-missing',
  summary: 'One side has a dropout that the other lacks.',
  sources: [
    'https://keras.io/api/layers/regularization_layers/dropout/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html',
  ],
  find: (view) =>
    lonely(view, 'dropout')
      .filter(({ unit }) => unit.settings.rate && !unit.settings.always)
      .map((found) =>
        missing(
          'dropout-missing',
          view,
          found,
          `dropout of ${short(found.unit.settings.rate)}`,
          (plan) => {
            const before = matchedBefore(view, found.which, found.unit);
            if (!before) return;
            addPatch(plan[view.changed], before.call.key, {
              after: { fn: 'dropout', rate: found.unit.settings.rate, mask: found.unit.call.key },
            });
          },
        ),
      ),
};

const biasMissing: Cause = {
  name: 'bias-missing',
  summary:
    'One side has a bias, or a norm’s scale or shift, that the other lacks: it starts at zero or one, and is trained.',
  sources: [
    'https://keras.io/api/layers/core_layers/dense/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html',
  ],
  find: (view) =>
    view.match.pairs.flatMap((pair) =>
      (['left', 'right'] as const).flatMap((which): Finding[] => {
        const norm = pair[which].kind.endsWith('Norm');
        if (!norm && !['linear', 'conv', 'convTranspose'].includes(pair[which].kind)) return [];
        return (norm ? (['scale', 'shift'] as const) : (['bias'] as const)).flatMap((role) => {
          const slot = pair[which].slots[role];
          if (!slot || pair[other(which)].slots[role]) return [];
          const names = {
            keras: { bias: 'use_bias', shift: 'center', scale: 'scale' },
            torch: {
              bias: 'bias',
              shift: 'bias',
              scale: norm && pair[which].kind === 'layerNorm' ? 'elementwise_affine' : 'affine',
            },
          };
          const name = (side: Which) => names[view[side].framework][role];
          const text = (side: Which) => `${name(side)}=${side === which ? 'True' : 'False'}`;
          const fix = (side: Which) => `${name(side)}=${side === which ? 'False' : 'True'}`;
          return [
            {
              name: role === 'scale' ? 'scale-missing' : 'bias-missing',
              left: text('left'),
              right: text('right'),
              layer: labelOf(pair.left),
              places: placesOf(pair),
              fix: { left: fix('left'), right: fix('right') },
              apply(plan) {
                plan[which].frozen = [...(plan[which].frozen ?? []), slot.name];
              },
            },
          ];
        });
      }),
    ),
};

const frozen: Cause = {
  name: 'frozen',
  summary:
    'A weight is trained on one side and frozen, or not given to the optimizer, on the other.',
  sources: [
    'https://keras.io/guides/transfer_learning/',
    'https://docs.pytorch.org/docs/stable/notes/autograd.html#setting-requires-grad',
  ],
  find(view) {
    const moves = (side: Side, name: string) => trained(side, name);
    const differ = weightPairs(view.match).filter(
      ({ role, left, right }) =>
        !['mean', 'variance'].includes(role) &&
        moves(view.left, left.name) !== moves(view.right, right.name),
    );
    if (differ.length === 0) return [];
    const { changed } = view;
    return differ.map((weight): Finding => {
      const text = (which: Which) =>
        moves(view[which], weight[which].name) ? 'trained' : 'frozen';
      const fix = (which: Which) => {
        const thaw = text(which) === 'frozen';
        return view[which].framework === 'keras'
          ? `trainable=${thaw ? 'True' : 'False'}`
          : `requires_grad_(${thaw ? 'True' : 'False'})${thaw ? ', and give it to the optimizer' : ''}`;
      };
      return {
        name: 'frozen',
        left: text('left'),
        right: text('right'),
        layer: `${labelOf(weight.pair.left)} ${weight.role}`,
        places: placesOf(weight.pair),
        fix: { left: fix('left'), right: fix('right') },
        apply(plan) {
          const side = plan[changed];
          const { name } = weight[changed];
          if (text(changed) === 'trained') side.frozen = [...(side.frozen ?? []), name];
          else {
            side.frozen = (side.frozen ?? []).filter((own) => own !== name);
            side.thawed = [...(side.thawed ?? []), name];
          }
        },
      };
    });
  },
};

/** A setting of convolutions that both frameworks have under names of their own. */
function convolution(
  view: PairView,
  name: string,
  setting: string,
  keras: string,
  torch: string,
): Finding[] {
  return pairsOf(view, 'conv', 'convTranspose').flatMap(({ pair, own, reference }): Finding[] => {
    if (same(own.settings[setting], reference.settings[setting])) return [];
    const code = (which: Which, unit: Unit) =>
      `${view[which].framework === 'keras' ? keras : torch}=(${(unit.settings[setting] as number[]).join(', ')})`;
    return [
      {
        name,
        left: code('left', pair.left),
        right: code('right', pair.right),
        layer: labelOf(pair.left),
        places: placesOf(pair),
        fix: { left: code('left', pair.right), right: code('right', pair.left) },
        apply: (plan) =>
          addPatch(plan[view.changed], own.call.key, {
            args: {
              [view[view.changed].framework === 'keras' ? keras : torch]:
                reference.settings[setting],
            },
          }),
      },
    ];
  });
}

const convolutionSettings: Cause = {
  name: 'convolution-stride',
  summary: 'A convolution has a different stride or dilation.',
  sources: [
    'https://keras.io/api/layers/convolution_layers/convolution2d/',
    'https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html',
  ],
  find: (view) => [
    ...convolution(view, 'convolution-stride', 'stride', 'strides', 'stride'),
    ...convolution(view, 'convolution-dilation', 'dilation', 'dilation_rate', 'dilation'),
  ],
};

export const structureCauses: readonly Cause[] = [
  convolutionSettings,
  activationMissing,
  dropoutMissing,
  biasMissing,
  frozen,
];
