import { labelOf, type Unit } from '../units';
import {
  addPatch,
  type Cause,
  type Finding,
  type PairView,
  pairsOf,
  placesOf,
  same,
  short,
} from './cause';

/** How a setting of an activation is reported, by name of the cause. */
interface Definition {
  readonly cause: string;
  readonly fn: string;
  readonly setting: string;
  readonly summary: string;
  readonly keras: (value: unknown) => string;
  readonly torch: (value: unknown) => string;
  readonly sources: readonly string[];
}

const keras = 'https://keras.io/api/layers/activation_layers/';
const kerasFunctions = 'https://keras.io/api/layers/activations/';
const torch = (name: string) =>
  `https://docs.pytorch.org/docs/stable/generated/torch.nn.${name}.html`;

const definitions: readonly Definition[] = [
  {
    cause: 'leaky-relu-slope',
    fn: 'leakyRelu',
    setting: 'slope',
    summary: 'Leaky ReLU has a different slope: .3 for Keras’ layer, .01 in PyTorch by default.',
    keras: (value) => `negative_slope=${short(value)}`,
    torch: (value) => `negative_slope=${short(value)}`,
    sources: [`${keras}leaky_relu/`, torch('LeakyReLU')],
  },
  {
    cause: 'gelu-approximation',
    fn: 'gelu',
    setting: 'approximate',
    summary: 'GELU is exact on one side and approximated by tanh on the other.',
    keras: (value) => `approximate=${value === 'tanh' ? 'True' : 'False'}`,
    torch: (value) => `approximate="${value}"`,
    sources: [kerasFunctions, torch('GELU')],
  },
  {
    cause: 'elu-alpha',
    fn: 'elu',
    setting: 'alpha',
    summary: 'ELU has a different alpha.',
    keras: (value) => `alpha=${short(value)}`,
    torch: (value) => `alpha=${short(value)}`,
    sources: [`${keras}elu/`, torch('ELU')],
  },
  {
    cause: 'softplus-beta',
    fn: 'softplus',
    setting: 'beta',
    summary: 'Softplus has a different beta; Keras’ is always 1.',
    keras: () => 'softplus, whose beta is 1',
    torch: (value) => `beta=${short(value)}`,
    sources: [kerasFunctions, torch('Softplus')],
  },
  {
    cause: 'hard-sigmoid-slope',
    fn: 'hardSigmoid',
    setting: 'slope',
    summary: 'Hard sigmoid rises by 1/6 in Keras 3 and PyTorch, by 0.2 in Keras 2.',
    keras: (value) => `slope ${short(value)}`,
    torch: (value) => `slope ${short(value)}`,
    sources: [kerasFunctions, torch('Hardsigmoid')],
  },
  {
    cause: 'softmax-axis',
    fn: 'softmax',
    setting: 'axis',
    summary: 'Softmax runs over a different axis.',
    keras: (value) => `axis=${value}`,
    torch: (value) => `dim=${value}`,
    sources: [`${keras}softmax/`, torch('Softmax')],
  },
];

/** The axis as counted from the end, in the layout that both share. */
function shared(unit: Unit, setting: string): unknown {
  const value = unit.settings[setting];
  if (setting !== 'axis') return value;
  const rank = unit.call.out[0]?.length ?? 2;
  const positive = (value as number) < 0 ? (value as number) + rank : (value as number);
  if (!unit.channelsLast || rank < 3) return positive;
  return positive === rank - 1 ? 1 : positive === 0 ? 0 : positive + 1;
}

function finding(
  view: PairView,
  name: string,
  { pair, own, reference }: ReturnType<typeof pairsOf>[number],
  told: (framework: 'keras' | 'torch', unit: Unit) => string,
): Finding {
  return {
    name,
    left: told(view.left.framework, pair.left),
    right: told(view.right.framework, pair.right),
    layer: labelOf(pair.left),
    places: placesOf(pair),
    fix: {
      left: told(view.left.framework, pair.right),
      right: told(view.right.framework, pair.left),
    },
    apply: (plan) =>
      addPatch(plan[view.changed], own.call.key, {
        emulate: 'activation',
        params: {
          ...reference.settings,
          ...(own.settings.within !== undefined && { within: own.settings.within }),
        },
      }),
  };
}

const causeOf = ({ cause: name, fn, setting, summary, sources, ...code }: Definition): Cause => ({
  name,
  summary,
  sources,
  find: (view) =>
    pairsOf(view, 'activation').flatMap((found) => {
      const { own, reference } = found;
      if (own.settings.fn !== fn || reference.settings.fn !== fn) return [];
      if (same(shared(own, setting), shared(reference, setting))) return [];
      return [
        finding(view, name, found, (framework, unit) => code[framework](unit.settings[setting])),
      ];
    }),
});

const activationFunction: Cause = {
  name: 'activation-function',
  summary: 'The activation functions differ.',
  sources: [
    kerasFunctions,
    'https://docs.pytorch.org/docs/stable/nn.html#non-linear-activations-weighted-sum-nonlinearity',
  ],
  find: (view) =>
    pairsOf(view, 'activation').flatMap((found) => {
      const { own, reference } = found;
      const softened = [own, reference].every(({ settings }) =>
        /softmax/i.test(String(settings.fn)),
      );
      if (own.settings.fn === reference.settings.fn || softened) return [];
      return [finding(view, 'activation-function', found, (_, unit) => String(unit.settings.fn))];
    }),
};

export const activationCauses: readonly Cause[] = [...definitions.map(causeOf), activationFunction];
