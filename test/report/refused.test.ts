import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommitted } from '../../src/committed-record';
import { UserError } from '../../src/errors';
import { inProject } from '../../src/paths';
import { readNotebook } from '../../src/report/notebook';
import { fixture, outputFolder, runReport } from './run-report';

const folder = outputFolder();
const inFolder = (name: string) => join(folder(), name);

/** The command itself, as a person calls it. */
const report = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [inProject('scripts/report.js'), '--profile', 'smoke', ...args, fixture('passing')],
    { encoding: 'utf8', env: { ...process.env, INIT_CWD: folder() } },
  );
  return { status, stdout, lines: stderr.trimEnd().split('\n') };
};

test.each([
  ['--output a file', ['--output', 'file'], 'file: it is a file, where a folder is needed.'],
  [
    '--output below a file',
    ['--output', 'file/report'],
    'file/report: a part of this path is a file, where a folder is needed.',
  ],
  [
    '--junit a folder',
    ['--output', 'out', '--junit', 'folder'],
    'folder is a folder, where a file is to be written.',
  ],
  [
    '--junit below a file',
    ['--output', 'out', '--junit', 'file/junit.xml'],
    'file: it is a file, where a folder is needed.',
  ],
])('%s: one line, exit code 2, and nothing has run', (_, args, line) => {
  writeFileSync(inFolder('file'), '');
  mkdirSync(inFolder('folder'));
  const { status, stdout, lines } = report(...args);
  expect(lines).toEqual([join(folder(), line)]);
  expect(status).toBe(2);
  expect(stdout).not.toContain('passing');
});

const cell = { cell_type: 'code', source: '1', metadata: {}, outputs: [] };
const whole = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] };

test.each([
  ['a cell is null', { cells: [cell, null] }, 'cells[1] is no cell'],
  ['a cell is a text', { cells: ['1'] }, 'cells[0] is no cell'],
  ['a cell is a list', { cells: [[cell]] }, 'cells[0] is no cell'],
  ['a cell has no type', { cells: [{ ...cell, cell_type: undefined }] }, 'the "cell_type" of'],
  ['a cell has an unknown type', { cells: [{ ...cell, cell_type: 'sql' }] }, 'the "cell_type" of'],
  ['a source is a number', { cells: [{ ...cell, source: 1 }] }, 'the "source" of cells[0]'],
  ['a source has a null line', { cells: [{ ...cell, source: [null] }] }, 'the "source" of cells'],
  ['metadata is missing', { cells: [{ ...cell, metadata: undefined }] }, 'the "metadata" of cells'],
  ['metadata is null', { cells: [{ ...cell, metadata: null }] }, 'the "metadata" of cells[0]'],
  ['tags are a text', { cells: [{ ...cell, metadata: { tags: 'slow' } }] }, 'the "tags" of cells'],
  ['tags hold a number', { cells: [{ ...cell, metadata: { tags: [1] } }] }, 'the "tags" of cells'],
  ['outputs are an object', { cells: [{ ...cell, outputs: {} }] }, 'the "outputs" of cells[0]'],
  ['an output is null', { cells: [{ ...cell, outputs: [null] }] }, 'the "outputs" of cells[0]'],
  ["the notebook's metadata is a text", { metadata: 'x' }, 'its "metadata" is no object'],
])('a notebook is refused in one line where %s', (_, part, fault) => {
  const path = inFolder('own.ipynb');
  writeFileSync(path, JSON.stringify({ ...whole, ...part }));
  let error: unknown;
  try {
    readNotebook(path);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(UserError);
  const { message, exitCode } = error as UserError;
  expect(message).toContain(`own.ipynb: not a notebook that can be run, ${fault}`);
  expect(message).not.toContain('\n');
  expect(exitCode).toBe(2);
});

test('a notebook whose cells are as they must be is read', () => {
  const path = inFolder('own.ipynb');
  writeFileSync(path, JSON.stringify(whole));
  expect(readNotebook(path).cells).toHaveLength(1);
});

test.each([
  ['an object without anything', '{}'],
  ['a list', '[]'],
  ['null', 'null'],
  ['nothing', ''],
  ['half of itself', '{"kind": "full", "runs": ['],
  ['the marks of a merge', '<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n'],
])('a committed record that is %s is refused in one line', (_, text) => {
  const path = inFolder('record.json');
  writeFileSync(path, text);
  const read = () => readCommitted<{ runs: unknown[] }>(path, ({ runs }) => runs.length > 0);
  expect(read).toThrow(UserError);
  expect(read).toThrow(/record\.json holds no whole record: restore it \(git checkout .*$/);
});

test.each([
  ['no JSON', '{"pages": [{"name": "pass'],
  ['without pages', '{}'],
  ['of another shape', '{"pages": [null, {"name": "passing"}, 3]}'],
])(
  'a run.json that is %s counts as absent, with one line',
  async (_, text) => {
    writeFileSync(inFolder('run.json'), text);
    writeFileSync(inFolder('passing.ipynb'), '{}');
    const { code, errors } = await runReport(
      '--profile',
      'smoke',
      '--output',
      folder(),
      fixture('passing'),
    );
    expect(errors).toEqual([expect.stringMatching(/run\.json is damaged: /)]);
    expect(code).toBe(0);
  },
  120_000,
);

test('a run.json that is damaged says so where a recorded run is asked for', async () => {
  const recorded = mkdtempSync(join(tmpdir(), 'tandem-recorded-'));
  writeFileSync(join(recorded, 'run.json'), '{');
  const { code, errors } = await runReport(
    '--profile',
    'smoke',
    '--output',
    folder(),
    '--verify',
    recorded,
    fixture('passing'),
  );
  rmSync(recorded, { recursive: true });
  expect(code).toBe(2);
  expect(errors).toEqual([
    expect.stringMatching(/run\.json is damaged: /),
    expect.stringMatching(/^--verify: .* holds no run of passing/),
  ]);
});
