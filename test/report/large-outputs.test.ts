import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { outputFolder } from './fixture';
import { runReport } from './run-report';

const folder = outputFolder();

test('the page of a cell that prints 200 MB stays small, and the whole lies beside it', async () => {
  const own = mkdtempSync(join(tmpdir(), 'tandem-large-'));
  const code = (source: string) => ({
    ...{ cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null },
  });
  const cells = [
    code("for (let i = 0; i < 2000; i++) console.log('x'.repeat(99_999));"),
    code("'y'.repeat(30_000_000)"),
  ];
  const notebook = join(own, 'large.ipynb');
  writeFileSync(notebook, JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells }));
  const call = ['--profile', 'smoke', '--output', folder(), '--json', notebook];
  expect(await runReport(...call)).toMatchObject({ code: 0, errors: [] });

  const at = (name: string) => join(folder(), name);
  expect(statSync(at('large.html')).size).toBeLessThan(8_000_000);
  expect(statSync(at('large.ipynb')).size).toBeLessThan(8_000_000);
  const page = readFileSync(at('large.html'), 'utf8');
  expect(page).toContain('… cut here: the whole is in large-outputs/cell-1.txt\n');
  expect(page).toContain('… 200.0 MB in all\n');
  expect(page).toContain('… cut: text/plain, 30.0 MB in all: large-outputs/cell-2-output-1.txt');
  expect(statSync(at('large-outputs/cell-1.txt')).size).toBe(200_000_000);
  expect(statSync(at('large-outputs/cell-2-output-1.txt')).size).toBe(30_000_000);

  // Once the cells put out less, nothing is left of it.
  writeFileSync(
    notebook,
    JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells: [code('1')] }),
  );
  expect(await runReport(...call)).toMatchObject({ code: 0 });
  expect(() => statSync(at('large-outputs'))).toThrow();
  rmSync(own, { recursive: true });
});
