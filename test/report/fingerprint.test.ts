import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject, projectRoot } from '../../src/files/paths';
import { joined, type Notebook } from '../../src/report/notebook';
import { readNotebook } from '../../src/report/notebook-file';
import { fingerprint, importedFiles } from '../../src/report/run/fingerprint';
import { fixture } from './fixture';

const notebook = () => readNotebook(fixture('parameters'));
const known = fingerprint(notebook(), projectRoot, { seed: 0 });

const changed = (change: (notebook: Notebook) => void, folder = projectRoot): string => {
  const copy = notebook();
  change(copy);
  return fingerprint(copy, folder, { seed: 0 });
};

test('the same run has the same fingerprint, with other prose and other outputs too', () => {
  expect(fingerprint(notebook(), projectRoot, { seed: 0 })).toBe(known);
  const otherProse = changed(({ cells }) => {
    cells[0]!.source = '# Another title';
    cells[1]!.outputs = [{ output_type: 'stream', name: 'stdout', text: 'old' }];
  });
  expect(otherProse).toBe(known);
});

test('other cells, tags and parameters make another run', () => {
  const runs = [
    changed(({ cells }) => {
      cells[1]!.source = `${joined(cells[1]!.source)}\n1;`;
    }),
    changed(({ cells }) => {
      cells[2]!.metadata.tags = ['raises-exception'];
    }),
    changed(({ cells }) => {
      cells[2]!.metadata.tags = ['skip-execution'];
    }),
    fingerprint(notebook(), projectRoot, { seed: 1 }),
    fingerprint(notebook(), projectRoot, { seed: 0 }, [known]),
  ];
  expect(new Set([known, ...runs]).size).toBe(runs.length + 1);
});

test('a file that cells import counts, with what it imports itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-imports-'));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const now = () =>
    changed(({ cells }) => {
      cells[2]!.source = `import { rate } from '${join(folder, 'a')}';\nrate`;
    });
  try {
    write('a.ts', "export { rate } from './b';");
    write('b.ts', 'export const rate = 1;');
    const before = now();
    expect(now()).toBe(before);
    write('b.ts', 'export const rate = 22;');
    expect(now()).not.toBe(before);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a file that a cell names counts, as seen from the folder of the notebook', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-data-'));
  const now = () =>
    changed(({ cells }) => {
      cells[2]!.source = "readFileSync('data.csv', 'utf8')";
    }, folder);
  try {
    const before = now();
    writeFileSync(join(folder, 'data.csv'), '1,2');
    const first = now();
    writeFileSync(join(folder, 'data.csv'), '1,3');
    expect(new Set([before, first, now()]).size).toBe(3);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the data that TANDEM_DATA names count', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-data-'));
  writeFileSync(join(folder, 'train-images'), 'other pictures');
  process.env.TANDEM_DATA = folder;
  try {
    expect(changed(() => {})).not.toBe(known);
  } finally {
    delete process.env.TANDEM_DATA;
    rmSync(folder, { recursive: true });
  }
});

test('a program in Python counts for those who import its part', () => {
  const files = (part: string) =>
    importedFiles([`import * as part from 'tandem/${part}';`], inProject('notebooks'));
  const program = inProject('src/experiments/choosing/measure.py');
  expect(files('experiments')).toContain(program);
  expect(files('data')).not.toContain(program);
});
