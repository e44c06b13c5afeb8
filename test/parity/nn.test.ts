import * as torch from 'tandem-torch';
import { cases } from '../../src/parity/nn';
import type { Case } from '../../src/parity/nn/case';
import { type Comparison, compareCases, nameOf } from '../../src/parity/nn/comparison';
import '../outside';

let comparisons: Map<string, Comparison>;

beforeAll(async () => {
  const found = await compareCases(cases, 0);
  comparisons = new Map(found.map((comparison) => [comparison.name, comparison]));
});

test('each case has a name of its own', () => {
  const names = cases.map(nameOf);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test.each(cases.map(nameOf))('%s is equal to Python’s to the last bit', (name) => {
  expect(comparisons.get(name)?.difference).toBeNull();
});

test('a difference is reported: the first one, or which language failed', async () => {
  const { nn } = torch;
  const layer = (python: string, module: () => torch.nn.Module): Case => ({
    kind: 'layer',
    python,
    inputs: '(torch.randn(2, 3),)',
    typescript: () => ({ module: module(), inputs: () => [torch.randn(2, 3)] }),
  });
  const found = await compareCases(
    [
      layer('nn.Linear(3, 2)', () => new nn.Linear(3, 2)),
      layer('nn.Linear(3, 2)', () => new nn.Linear(3, 2, { bias: false })),
      layer('nn.LeakyReLU(0.5)', () =>
        Object.assign(new nn.LeakyReLU(0.25), { extraRepr: () => 'negative_slope=0.5' }),
      ),
      layer('nn.Nothing()', () => new nn.Identity()),
      layer('nn.Identity()', () => new nn.Linear(5, 2)),
    ],
    0,
  );
  expect(found.map(({ difference }) => difference?.replace(/\[.*/s, ''))).toEqual([
    undefined,
    'structure: Python Linear(in_features=3, out_features=2, bias=True), TypeScript Linear(in_features=3, out_features=2, bias=False)',
    'output 0: Python float32',
    "Python failed: AttributeError: module 'torch.nn' has no attribute 'Nothing'",
    expect.stringContaining('TypeScript failed: TorchError: linear(): mat1 and mat2 shapes'),
  ]);
});
