import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../src/files/paths';
import '../outside';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-clients-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a notebook of these cells and returns its path. */
function notebook(name: string, cells: readonly string[]): string {
  const content = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: 'tandem', display_name: 'TypeScript (Tandem)', language: 'typescript' },
    },
    cells: cells.map((source, i) => ({
      ...{ cell_type: 'code', id: `c${i}`, source, metadata: {}, outputs: [] },
      execution_count: null,
    })),
  };
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

interface Output {
  readonly output_type: string;
  readonly text?: string | string[];
  readonly data?: Record<string, string | string[]>;
  readonly ename?: string;
}

/** The outputs of each cell of an executed notebook, its multi-line texts joined. */
function outputs(path: string): Output[][] {
  const joined = (_: string, value: unknown) =>
    Array.isArray(value) && value.every((line) => typeof line === 'string')
      ? value.join('')
      : value;
  const { cells } = JSON.parse(readFileSync(path, 'utf8'), joined);
  return cells.map((cell: { outputs: Output[] | '' }) => cell.outputs || []);
}

const run = (program: string, ...parameters: string[]) =>
  spawnSync(inProject('.venv/bin', program), parameters, { cwd: folder, encoding: 'utf8' });

const work = [
  "import * as torch from 'tandem/torch';\nconst x = torch.ones([2, 3]);",
  "console.log('sum', x.sum().item());\nx",
];

function expectWork(path: string): void {
  const [first, second] = outputs(path);
  expect(first).toEqual([]);
  expect(second).toMatchObject([
    { output_type: 'stream', name: 'stdout', text: 'sum 6\n' },
    {
      output_type: 'execute_result',
      data: {
        'text/plain': 'tensor([[1., 1., 1.],\n        [1., 1., 1.]])',
        'text/html': expect.stringContaining('[2, 3] · float32'),
      },
    },
  ]);
}

test('plain nbclient runs a notebook', () => {
  const path = notebook('nbclient.ipynb', work);
  const { status, stderr } = run('jupyter-execute', '--inplace', path);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expectWork(path);
});

test('papermill runs a notebook without parameters', () => {
  const path = notebook('papermill.ipynb', work);
  const executed = join(folder, 'executed.ipynb');
  const { status, stderr } = run('papermill', '--no-progress-bar', path, executed);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expectWork(executed);
});

test('papermill sets parameters of any kind, and says which a notebook has', () => {
  const path = notebook('parameters.ipynb', [
    "const rate = 0.1; // how far a step goes\nlet name: string = 'x';",
    'console.log(JSON.stringify([rate, name, on, none, text, list, tree]), big);',
  ]);
  const tagged = JSON.parse(readFileSync(path, 'utf8'));
  tagged.cells[0].metadata.tags = ['parameters'];
  writeFileSync(path, JSON.stringify(tagged));
  const executed = join(folder, 'executed-parameters.ipynb');
  const text = 'quotes " and \\ `$x`, line\nand ü';
  const given = ['-p', 'rate', '0.25', '-p', 'on', 'True', '-p', 'big', '9007199254740993'];
  const yaml = `{none: null, list: [1, 1.5, a], tree: {a b: [true]}, text: ${JSON.stringify(text)}}`;
  const options = ['--no-progress-bar', ...given, '-r', 'name', 'y', '-y', yaml];
  const { status, stderr } = run('papermill', ...options, path, executed);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const shown = JSON.stringify([0.25, 'y', true, null, text, [1, 1.5, 'a'], { 'a b': [true] }]);
  expect(outputs(executed).at(-1)).toMatchObject([{ text: `${shown} 9007199254740993n\n` }]);

  const help = run('papermill', '--help-notebook', path);
  expect(help.stdout).toMatch(/rate: Unknown type \(default 0\.1\)\s+how far a step goes/);
  expect(help.stdout).toMatch(/name: string \(default 'x'\)/);
  const wrong = run('papermill', '-p', 'class', '3', path, executed);
  expect(wrong.stderr).toContain("'class' can't be a parameter: it is not a name that a variable");
});

test('a cell that fails and one that crashes are errors of the notebook, which runs on where it may', () => {
  const path = notebook('failing.ipynb', [
    "throw new RangeError('no')",
    "process.kill(process.pid, 'SIGSEGV');",
    '6 * 7',
  ]);
  const { status, stderr } = run('jupyter-execute', '--inplace', '--allow-errors', path);
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(outputs(path)).toMatchObject([
    [{ output_type: 'error', ename: 'RangeError' }],
    [{ output_type: 'error', ename: 'KernelCrashed' }],
    [{ output_type: 'execute_result', data: { 'text/plain': '42' } }],
  ]);
  const stopped = run('jupyter-execute', notebook('stopped.ipynb', ["throw new Error('no')"]));
  expect(stopped.status).not.toBe(0);
  expect(stopped.stderr).toContain('cell 1, line 1');
});
