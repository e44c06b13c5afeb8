import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executedCells, joined, type Output } from '../../src/report/notebook';
import { readNotebook } from '../../src/report/notebook-file';
import { fixture, outputFolder } from './fixture';
import { type Ended, processesOf, runReport } from './run-report';

let output: string;
beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), 'tandem-report-'));
});
afterEach(() => rmSync(output, { recursive: true, force: true }));

const run = (name: string, ...options: string[]) =>
  runReport('--profile', 'smoke', '--output', output, ...options, fixture(name));

/** The outputs of the executed notebook's cells, one array a cell. */
const outputsOf = (name: string, folder = output): Output[][] =>
  executedCells(readNotebook(join(folder, `${name}.ipynb`))).map((cell) => cell.outputs ?? []);

const text = (outputs: Output[] = []): string =>
  outputs.map((out) => joined(out.text ?? out.traceback ?? '')).join('');

const page = (name: string, folder = output): string =>
  readFileSync(join(folder, `${name}.html`), 'utf8');

const unreadable = [
  /^test\/report\/fixtures\/not-json\.ipynb: not a Jupyter notebook, it isn't JSON/,
  /^test\/report\/fixtures\/not-a-notebook\.ipynb: not a Jupyter notebook of/,
  /^test\/report\/fixtures\/python\.ipynb: a python notebook/,
].map((line) => expect.stringMatching(line));
const others = ['not-json', 'not-a-notebook', 'python'].map(fixture);

describe('six notebooks in one run', () => {
  const names = [
    ...['dying-kernel', 'failing-cell', 'javascript', 'late-error', 'passing'],
    'unhandled-rejection',
  ];
  const folder = outputFolder(false);
  let ended: Ended;
  beforeAll(async () => {
    ended = await runReport('--profile', 'smoke', '--output', folder(), ...names.map(fixture));
  });

  test('those that fail are named with their cell, line and error', () => {
    expect([...ended.errors].sort()).toEqual([
      expect.stringMatching(
        /^failed: test\/report\/fixtures\/dying-kernel\.ipynb, cell 2: .*SIGKILL/,
      ),
      'failed: test/report/fixtures/failing-cell.ipynb, cell 2, line 2: RangeError: the rate must be above 0, not -1 <script>alert(1)</script>',
      'failed: test/report/fixtures/late-error.ipynb, cell 2: Error: lost',
      'failed: test/report/fixtures/unhandled-rejection.ipynb, cell 2, line 1: TypeError: nobody waits for this',
    ]);
    expect(ended.code).toBe(1);
  });

  test('a failing cell ends its notebook, which is saved and marked', () => {
    const [first, second, third] = outputsOf('failing-cell', folder());
    expect(text(first)).toBe('before\n');
    expect(second?.map((out) => out.output_type)).toEqual(['stream', 'error']);
    expect(second?.[1]).toMatchObject({ ename: 'RangeError' });
    expect(third).toEqual([]);
    expect(page('failing-cell', folder())).toContain('This run failed.');
    expect(page('failing-cell', folder())).not.toContain('<script>alert');
    expect(page('index', folder())).not.toContain('<script>alert');
  });

  test('a kernel that dies is reported with the cell that it died in', () => {
    expect(outputsOf('dying-kernel', folder())[1]).toMatchObject([
      { output_type: 'error', ename: 'KernelCrashed' },
    ]);
  });

  test('an unhandled rejection fails the cell that caused it', () => {
    const [, second, third] = outputsOf('unhandled-rejection', folder());
    expect(second?.at(-1)).toMatchObject({ output_type: 'error', ename: 'TypeError' });
    expect(third).toEqual([]);
  });

  test('an error behind the last cell fails it', () => {
    expect(outputsOf('late-error', folder())[1]?.at(-1)).toMatchObject({
      output_type: 'error',
      evalue: 'lost',
    });
  });

  test('a JavaScript notebook runs as JavaScript', () => {
    const values = outputsOf('javascript', folder()).map(([out]) =>
      joined((out!.data as Record<string, string>)['text/plain']),
    );
    expect(values).toEqual(['5 o clock', '3']);
  });

  test('a failing notebook does not stop the others', () => {
    expect(ended.stdout).toMatch(/passing {2}cell 7\/7/);
    expect(ended.stdout).toMatch(/passing {2}ok/);
    expect(ended.stdout).toMatch(/javascript {2}ok/);
    expect(readdirSync(folder()).sort()).toEqual(
      [
        ...['.cache', 'index.html', 'run.json'],
        ...names.flatMap((name) => [`${name}.html`, `${name}.ipynb`]),
      ].sort(),
    );
  });

  test('notebooks that can’t be run are refused in a line each, and cost no other its page', async () => {
    rmSync(join(folder(), 'passing.html'));
    const call = ['--profile', 'smoke', '--output', folder()];
    const { code, errors } = await runReport(...call, ...others, fixture('passing'));
    expect(errors).toEqual(unreadable);
    expect(code).toBe(2);
    expect(page('passing', folder())).toContain('class="code-cell');
  });
});

test.each(['endless-loop', 'endless-wait'])('%s is stopped by the time-out', async (name) => {
  const { code, errors } = await run(name, '--timeout', '8');
  expect(errors).toEqual([
    `failed: test/report/fixtures/${name}.ipynb, cell 2: CellTimeoutError: the cell was stopped after its time-out of 8 s`,
  ]);
  expect(code).toBe(1);
  const [first, second, third] = outputsOf(name);
  expect(text(first)).toBe('before\n');
  expect(second?.at(-1)).toMatchObject({ output_type: 'error', ename: 'CellTimeoutError' });
  expect(third).toEqual([]);
  expect(page(name)).toContain('This run failed.');
  expect(processesOf(output)).toEqual([]);
});

test('a cell that neither the time-out nor an interrupt ends loses its kernel', async () => {
  const { code, errors } = await run('stubborn-native-work', '--timeout', '1');
  expect(errors).toEqual([
    'failed: test/report/fixtures/stubborn-native-work.ipynb, cell 1: CellTimeoutError: the cell was stopped after its time-out of 1 s',
  ]);
  expect(code).toBe(1);
  expect(outputsOf('stubborn-native-work')[0]?.at(-1)).toMatchObject({ ename: 'CellTimeoutError' });
  expect(processesOf(output)).toEqual([]);
});

test.each([
  ['only what can’t be run', others, unreadable],
  [
    'a notebook that isn’t there',
    [fixture('passing'), fixture('missing')],
    [expect.stringMatching(/fixtures\/missing\.ipynb: no such notebook/)],
  ],
])('%s is refused before anything runs', async (_name, notebooks, lines) => {
  const { code, errors } = await runReport('--output', output, ...notebooks);
  expect(errors).toEqual(lines);
  expect(code).toBe(2);
  expect(readdirSync(output)).toEqual([]);
});
