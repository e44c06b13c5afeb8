import { readdirSync, readFileSync } from 'node:fs';
import { inProject } from '../../src/files/paths';

const names = readdirSync(inProject('notebooks')).filter((name) => /^0[5-9].*ipynb$/.test(name));

test('the comparison has five notebooks', () => {
  expect(names).toHaveLength(5);
});

test.each(names)('no number is typed into the text of %s', (name) => {
  const { cells } = JSON.parse(readFileSync(inProject('notebooks', name), 'utf8'));
  const prose: string[] = cells
    .filter((cell: { cell_type: string }) => cell.cell_type === 'markdown')
    .map(({ source }: { source: string[] }) => source.join(''));
  // The name of a type, and the years of what is cited, are no measurements.
  const numbers = prose
    .map((text) => text.replace(/float32|, \d{4}\)/g, ''))
    .filter((text) => /\d/.test(text));
  expect(numbers).toEqual([]);
});
