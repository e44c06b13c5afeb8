import { cases } from '../../src/compare/parity/nn';
import { type Comparison, compareCases, nameOf } from '../../src/compare/parity/nn/comparison';

let comparisons: Map<string, Comparison>;

beforeAll(async () => {
  const found = await compareCases(cases, 0);
  comparisons = new Map(found.map((comparison) => [comparison.name, comparison]));
}, 60_000);

test('each case has a name of its own', () => {
  const names = cases.map(nameOf);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test.each(cases.map(nameOf))('%s is equal to Python’s to the last bit', (name) => {
  expect(comparisons.get(name)?.difference).toBeNull();
});
