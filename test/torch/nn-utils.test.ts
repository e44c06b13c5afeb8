import * as torch from 'tandem-torch';
import { bits, python } from './python';

const { nn } = torch;
const { utils } = nn;

/** Python's expression on `net`, whose gradients are there, and ours. */
type Twin = [expression: string, run: (net: torch.nn.Module) => unknown];

const twins: Twin[] = [
  ['clip_grad_norm_(net.parameters(), 0.5)', (net) => utils.clipGradNorm_(net.parameters(), 0.5)],
  ['clip_grad_norm_(net.parameters(), 1e3)', (net) => utils.clipGradNorm_(net.parameters(), 1e3)],
  [
    'clip_grad_norm_(net.parameters(), 2, norm_type=1)',
    (net) => utils.clipGradNorm_(net.parameters(), 2, { normType: 1 }),
  ],
  [
    "clip_grad_norm_(net.parameters(), 0.01, norm_type=float('inf'))",
    (net) => utils.clipGradNorm_(net.parameters(), 0.01, { normType: Infinity }),
  ],
  [
    'clip_grad_norm_(net[0].weight, 0.01)',
    (net) => utils.clipGradNorm_(net.getParameter('0.weight'), 0.01),
  ],
  [
    'clip_grad_value_(net.parameters(), 0.02)',
    (net) => utils.clipGradValue_(net.parameters(), 0.02),
  ],
  [
    'get_total_norm([p.grad for p in net.parameters()], 3)',
    (net) =>
      utils.getTotalNorm(
        net.parameters().map(({ grad }) => grad!),
        { normType: 3 },
      ),
  ],
  ['get_total_norm([])', () => utils.getTotalNorm([])],
  [
    'clip_grads_with_norm_(net.parameters(), 0.3, torch.tensor(0.7))',
    (net) => utils.clipGradsWithNorm_(net.parameters(), 0.3, torch.tensor(0.7)),
  ],
  ['parameters_to_vector(net.parameters())', (net) => utils.parametersToVector(net.parameters())],
  [
    'vector_to_parameters(torch.arange(26.0), net.parameters())',
    (net) => utils.vectorToParameters(torch.arange(26).float(), net.parameters()),
  ],
];

const setUp = `
from torch.nn.utils import *
def run(act):
    torch.manual_seed(2)
    net = nn.Sequential(nn.Linear(4, 3), nn.Tanh(), nn.Linear(3, 2), nn.PReLU(3))
    net[2](net[1](net[0](torch.randn(5, 4)))).pow(2).sum().backward()
    net[3].weight.grad = torch.ones(3)
    result = act(net)
    return bits([result, *(t for p in net.parameters() for t in (p, p.grad))])`;

const want = python(
  twins.map(([expression]) => `run(lambda net: ${expression})`),
  setUp,
);

test.each(twins.map(([expression, run], i) => [expression, run, want[i]!] as const))(
  '%s does what it does in Python',
  (_, run, expected) => {
    torch.manualSeed(2);
    const [first, tanh, second, prelu] = [
      new nn.Linear(4, 3),
      new nn.Tanh(),
      new nn.Linear(3, 2),
      new nn.PReLU(3),
    ];
    const net = new nn.Sequential(first, tanh, second, prelu);
    second
      .call(tanh.call(first.call(torch.randn(5, 4))))
      .pow(2)
      .sum()
      .backward();
    prelu.weight.grad = torch.ones(3);
    const result = run(net) ?? 'None';
    expect(bits([result, ...net.parameters().flatMap((p) => [p, p.grad])])).toBe(expected);
  },
);

test('gradients without a finite norm are refused if asked for', () => {
  const weight = new nn.Parameter(torch.ones(2));
  weight.grad = torch.tensor([1, Number.NaN]);
  expect(() => utils.clipGradNorm_([weight], 1, { errorIfNonfinite: true })).toThrow(
    'The total norm of order 2.0 for gradients from `parameters` is non-finite, so it cannot be clipped. ' +
      'To disable this error and scale the gradients by the non-finite norm anyway, set `error_if_nonfinite=False`',
  );
});

test('a parametrization is put on, read, set, and taken off', () => {
  class Symmetric extends nn.Module {
    forward(x: torch.Tensor) {
      return x.triu().add(x.triu(1).t());
    }
  }
  const { parametrize } = utils;
  const layer = parametrize.registerParametrization(new nn.Linear(3, 3), 'weight', new Symmetric());
  expect(parametrize.isParametrized(layer, 'weight')).toBe(true);
  expect(layer.weight.equal(layer.weight.t())).toBe(true);
  expect(Array.from(layer.namedParameters(), ([name]) => name)).toEqual([
    'bias',
    'parametrizations.weight.original',
  ]);
  expect(String(layer)).toBe(`ParametrizedLinear(
  in_features=3, out_features=3, bias=True
  (parametrizations): ModuleDict(
    (weight): ParametrizationList(
      (0): Symmetric()
    )
  )
)`);
  const copy = layer.deepcopy();
  copy.call(torch.randn(2, 3)).sum().backward();
  expect(copy.getParameter('parametrizations.weight.original').grad).not.toBeNull();
  expect(layer.bias?.grad).toBeNull();
  parametrize.removeParametrizations(layer, 'weight');
  expect(parametrize.isParametrized(layer)).toBe(false);
  expect(layer.weight.equal(layer.weight.t())).toBe(true);
  expect(Array.from(layer.namedParameters(), ([name]) => name).sort()).toEqual(['bias', 'weight']);
  expect(String(layer)).toBe('Linear(in_features=3, out_features=3, bias=True)');
});

test('a parametrization that doesn’t fit is refused', () => {
  class Narrow extends nn.Module {
    forward(x: torch.Tensor) {
      return x.narrow(0, 0, 1);
    }
  }
  const { parametrize } = utils;
  expect(() =>
    parametrize.registerParametrization(new nn.Linear(2, 2), 'weight', new Narrow()),
  ).toThrow('Registering a parametrization may not change the shape of the tensor');
  expect(() =>
    parametrize.registerParametrization(new nn.Linear(2, 2), 'wait', new Narrow()),
  ).toThrow("with name 'wait'");
  expect(() => parametrize.removeParametrizations(new nn.Linear(2, 2), 'weight')).toThrow(
    'does not have a parametrization on weight',
  );
});

test('weight norm, put on the old way, comes off again', () => {
  const layer = utils.weightNorm(new nn.Linear(3, 2));
  expect(() => utils.weightNorm(layer)).toThrow(
    'Cannot register two weight_norm hooks on the same parameter weight',
  );
  const weight = layer.weight;
  utils.removeWeightNorm(layer);
  expect(layer.weight.equal(weight)).toBe(true);
  expect([...layer.stateDict().keys()].sort()).toEqual(['bias', 'weight']);
  expect(() => utils.removeWeightNorm(layer)).toThrow(
    "weight_norm of 'weight' not found in Linear",
  );
});

test('packed sequences equal Python’s and come back', () => {
  const { rnn } = utils;
  const [packed, padded, left, back] = python(
    [
      'bits(list(p)[:3])',
      'bits(pad_packed_sequence(p, padding_value=-1.0, total_length=6))',
      "bits(pad_sequence([x[:2, 0], x[:4, 1]], batch_first=True, padding_value=9.0, padding_side='left'))",
      'bits(unpack_sequence(p))',
    ],
    `
from torch.nn.utils.rnn import *
torch.manual_seed(3)
x = torch.randn(5, 3, 2)
p = pack_padded_sequence(x, [2, 5, 3], enforce_sorted=False)`,
  );
  torch.manualSeed(3);
  const x = torch.randn(5, 3, 2);
  const p = rnn.packPaddedSequence(x, [2, 5, 3], { enforceSorted: false });
  const { slice } = torch;
  expect(bits([p.data, p.batchSizes, p.sortedIndices])).toBe(packed);
  expect(bits(rnn.padPackedSequence(p, { paddingValue: -1, totalLength: 6 }))).toBe(padded);
  const parts = [x.index(slice(2), 0), x.index(slice(4), 1)];
  const options = { batchFirst: true, paddingValue: 9, paddingSide: 'left' } as const;
  expect(bits(rnn.padSequence(parts, options))).toBe(left);
  expect(bits(rnn.unpackSequence(p))).toBe(back);
  expect(() => rnn.padPackedSequence(p, { totalLength: 3 })).toThrow(
    'Expected total_length to be at least the length of the longest sequence in input, but got total_length=3 and max sequence length being 5',
  );
  expect(() => rnn.packPaddedSequence(x, [2, 5, 3])).toThrow('sorted in decreasing order');
});

test.each<[string, (layer: torch.nn.Module) => unknown, (layer: torch.nn.Module) => unknown]>([
  ['weightNorm', (layer) => utils.weightNorm(layer), (layer) => utils.removeWeightNorm(layer)],
  [
    'spectralNorm',
    (layer) => utils.spectralNorm(layer),
    (layer) => utils.removeSpectralNorm(layer),
  ],
  [
    'pruning, twice',
    (layer) => {
      utils.prune.l1Unstructured(layer, 'weight', 2);
      utils.prune.lnStructured(layer, 'weight', 1, 2, 0);
    },
    (layer) => utils.prune.remove(layer, 'weight'),
  ],
])(
  'the copy of a module under %s computes from its own weights, and can be freed of it',
  (_, put, remove) => {
    const layer = new nn.Linear(3, 4);
    put(layer);
    layer.eval();
    const copy = layer.deepcopy();
    const x = torch.randn(2, 3);
    const before = layer.call(x);
    expect(copy.call(x).equal(before)).toBe(true);
    torch.noGrad(() => {
      for (const parameter of copy.parameters()) parameter.mul_(-1).add_(1);
    });
    const other = copy.call(x);
    expect(other.equal(before)).toBe(false);
    expect(layer.call(x).equal(before)).toBe(true);
    remove(copy);
    expect(copy.parameters().map(({ shape }) => shape)).toEqual([[4], [4, 3]]);
    expect(copy.call(x).sub(other).abs().max().item()).toBeLessThan(1e-6);
    expect(layer.call(x).equal(before)).toBe(true);
    remove(layer);
  },
);
