import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../src/files/paths';
import { fixture } from './fixture';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-clean-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const clean = (...args: string[]) => {
  const options = {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, INIT_CWD: folder },
  } as const;
  const script = inProject('scripts/notebooks-clean.js');
  const { status, stderr } = spawnSync(process.execPath, [script, ...args], options);
  return { status, stderr };
};

/** A clean notebook, and the same as a run leaves it. */
const prepare = () => {
  copyFileSync(fixture('parameters'), join(folder, 'clean.ipynb'));
  const notebook = JSON.parse(readFileSync(fixture('parameters'), 'utf8'));
  Object.assign(notebook.metadata, { papermill: { duration: 3 } });
  Object.assign(notebook.cells[1], {
    execution_count: 1,
    outputs: [{ output_type: 'stream', name: 'stdout', text: 'x' }],
  });
  notebook.cells[2].metadata.execution = { 'shell.execute_reply': 'yesterday' };
  writeFileSync(join(folder, 'run.ipynb'), JSON.stringify(notebook));
};

test('--check names what holds outputs and changes nothing', () => {
  prepare();
  const before = readFileSync(join(folder, 'run.ipynb'));
  const { status, stderr } = clean('--check', 'clean.ipynb', 'run.ipynb');
  expect(stderr).toMatch(/run\.ipynb holds outputs: npm run notebooks:clean strips them\.\n$/);
  expect(stderr).not.toContain('clean.ipynb holds');
  expect(status).toBe(1);
  expect(readFileSync(join(folder, 'run.ipynb'))).toEqual(before);
});

test('a cleaned notebook is the one that was there before the run', () => {
  prepare();
  expect(clean('run.ipynb').status).toBe(0);
  expect(readFileSync(join(folder, 'run.ipynb'), 'utf8')).toBe(
    readFileSync(fixture('parameters'), 'utf8'),
  );
  expect(clean('--check', 'run.ipynb').status).toBe(0);
});

test('a file that is not a notebook is named', () => {
  writeFileSync(join(folder, 'text.ipynb'), 'not JSON');
  const { status, stderr } = clean('text.ipynb');
  expect(stderr).toMatch(/text\.ipynb: not a readable notebook/);
  expect(status).toBe(2);
});

test("the project's own notebooks are clean", () => {
  expect(clean('--check')).toEqual({ status: 0, stderr: '' });
});
