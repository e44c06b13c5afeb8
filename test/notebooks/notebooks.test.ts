import { readdirSync, readFileSync } from 'node:fs';
import { inProject } from '../../src/files/paths';

interface Cell {
  cell_type: string;
  metadata: { tags?: string[] };
}

const names = readdirSync(inProject('notebooks')).filter((name) => name.endsWith('.ipynb'));

test('there is a notebook for each part of the article', () => {
  expect(names.length).toBeGreaterThanOrEqual(6);
});

describe.each(names)('%s', (name) => {
  const notebook = JSON.parse(readFileSync(inProject('notebooks', name), 'utf8'));
  const cells: Cell[] = notebook.cells;

  test('runs on the Tandem kernel and declares its parameters', () => {
    expect(notebook.metadata.kernelspec.name).toBe('tandem');
    expect(cells.some((cell) => cell.metadata.tags?.includes('parameters'))).toBe(true);
  });
});
