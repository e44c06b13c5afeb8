import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../../src/command/errors';
import { readCommitted } from '../../src/files/committed-record';
import { inProject } from '../../src/files/paths';
import { fixture, outputFolder } from './fixture';
import { runReport } from './run-report';

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
  expect(read).toThrow(/record\.json is not a complete record: restore it \(git checkout .*$/);
});

describe('in one folder, which has the run since the first report', () => {
  const reports = outputFolder(false);
  test.each([
    ['no JSON', '{"pages": [{"name": "pass'],
    ['without pages', '{}'],
    ['of another shape', '{"pages": [null, {"name": "passing"}, 3]}'],
  ])('a run.json that is %s counts as absent, with one line', async (_, text) => {
    writeFileSync(join(reports(), 'run.json'), text);
    writeFileSync(join(reports(), 'passing.ipynb'), '{}');
    const { code, errors } = await runReport(
      ...['--profile', 'smoke', '--output', reports(), fixture('passing')],
    );
    expect(errors).toEqual([expect.stringMatching(/run\.json is damaged: /)]);
    expect(code).toBe(0);
  });
});

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
    expect.stringMatching(/^--verify: .* has no run of passing/),
  ]);
});
