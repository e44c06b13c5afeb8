import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inProject } from '../../src/files/paths';
import { executedCells } from '../../src/report/notebook';
import { readNotebook } from '../../src/report/notebook-file';
import { runNotebook } from '../../src/report/run/runner';
import { fixture, outputFolder } from './fixture';
import {
  environment,
  printed,
  processesOf,
  runReport,
  startReport,
  textsIn,
  until,
} from './run-report';

const folder = outputFolder();

/** The run's processes whose command line has a text in it. */
const processesWith = (text: string): number[] =>
  processesOf(folder())
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text))
    .map(Number);

/** Starts the fixture that waits, and is told when its waiting cell has begun and put out text. */
const begin = async () => {
  const started = startReport('--output', folder(), fixture('killed'));
  await printed(started.child, 'cell 2/3');
  return started;
};

test('kill -9 of the kernel fails the cell; its earlier output is kept', async () => {
  const { ended } = await begin();
  for (const pid of processesWith('launch.js')) process.kill(pid, 'SIGKILL');
  const { code, errors } = await ended;
  expect(errors).toEqual([
    expect.stringMatching(/^failed: .*killed\.ipynb, cell 2: DeadKernelError: the kernel died/),
  ]);
  expect(code).toBe(1);
  expect(textsIn(folder(), 'killed')[0]).toBe('before\n');
  expect(readFileSync(join(folder(), 'killed.html'), 'utf8')).toContain('This run failed.');
  expect(processesOf(folder())).toEqual([]);
});

test('kill -9 of nbconvert ends its kernel, and the cells before are kept', async () => {
  const { ended } = await begin();
  for (const pid of processesWith('report/engine')) process.kill(pid, 'SIGKILL');
  const { code, errors } = await ended;
  expect(errors).toEqual([expect.stringMatching(/killed\.ipynb, cell 2: DeadKernelError: nbconv/)]);
  expect(code).toBe(1);
  expect(textsIn(folder(), 'killed')[0]).toBe('before\n');
  expect(processesOf(folder())).toEqual([]);
});

test('kill -9 of the runner leaves no process; the next run removes its files', async () => {
  const { child, ended } = await begin();
  expect(processesOf(folder()).length).toBeGreaterThanOrEqual(2);
  child.kill('SIGKILL');
  await ended;
  await until(() => processesOf(folder()).length === 0);
  expect(readdirSync(folder())).toEqual(['.work']);
  // As if it had been killed while it wrote.
  writeFileSync(join(folder(), `index.html.${child.pid}.12345.tmp`), '<!DOCT');
  const { code } = await runReport('--output', folder(), fixture('parameters'));
  expect(code).toBe(0);
  expect(readdirSync(folder()).sort()).toEqual([
    ...['.cache', 'index.html', 'parameters.html', 'parameters.ipynb', 'run.json'],
  ]);
});

test('an interrupt ends all notebooks that run at once', async () => {
  const { child, ended } = startReport(
    ...['--output', folder(), '--jobs', '2'],
    ...[fixture('killed'), fixture('endless-wait')],
  );
  await Promise.all([printed(child, 'killed  cell 2/3'), printed(child, 'endless-wait  cell 2/3')]);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 130, errors: ['Interrupted.'] });
  expect(processesOf(folder())).toEqual([]);
  expect(readdirSync(folder())).toEqual([]);
});

test('the total time limit stops running notebooks and starts no others', async () => {
  const { code, errors } = await runReport(
    ...['--output', folder(), '--jobs', '1', '--timeout-all', '1'],
    ...[fixture('killed'), fixture('parameters')],
  );
  expect(errors).toEqual([
    expect.stringMatching(
      /killed\.ipynb, cell [12]: RunTimeoutError: the run was stopped after its time-out of 1 s$/,
    ),
    'not run: test/report/fixtures/parameters.ipynb, total time limit reached',
  ]);
  expect(code).toBe(1);
  expect(processesOf(folder())).toEqual([]);
});

test('the output of a cell up to its time-out is kept', async () => {
  const late = new AbortController();
  const begun = join(folder(), 'begun');
  const path = join(folder(), 'prints.ipynb');
  const code = (source: string) => ({
    ...{ cell_type: 'code', source, metadata: {}, outputs: [], execution_count: null },
  });
  const printing = `console.log('in the cell');\nrequire('fs').writeFileSync(${JSON.stringify(begun)}, '');\nawait new Promise(() => {});`;
  const cells = [code("console.log('before');"), code(printing), code("'never'")];
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells }));
  // What it has printed needs a moment to nbconvert.
  const stopping = until(() => existsSync(begun))
    .then(() => sleep(2000))
    .then(() => late.abort(new Error('time is over')));
  const { notebook, failure, ...run } = await runNotebook(path, readNotebook(path), {
    alone: true,
    parameters: {},
    outputs: join(folder(), 'outputs'),
    timeoutSeconds: 600,
    workFolder: folder(),
    deadline: late.signal,
  });
  await stopping;
  expect(failure).toMatchObject({ cell: 2, ename: 'RunTimeoutError', evalue: 'time is over' });
  expect(run.cells.map(({ status }) => status)).toEqual(['ok', 'lost']);
  const [first, second] = executedCells(notebook);
  expect(first?.outputs).toMatchObject([{ text: ['before\n'] }]);
  expect(second?.outputs).toMatchObject([
    { text: ['in the cell\n'] },
    { ename: 'RunTimeoutError' },
  ]);
});

test('two runs in one folder at once leave both their pages, linked to each other', async () => {
  const both = await Promise.all([
    runReport('--output', folder(), fixture('parameters')),
    runReport('--output', folder(), fixture('tags')),
  ]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const index = readFileSync(join(folder(), 'index.html'), 'utf8');
  expect(index).toContain('parameters.html');
  expect(index).toContain('tags.html');
  expect(readFileSync(join(folder(), 'tags.html'), 'utf8')).toContain('parameters.html');
  expect(readdirSync(folder()).sort()).toEqual([
    ...['.cache', 'index.html', 'parameters.html', 'parameters.ipynb', 'run.json'],
    ...['tags.html', 'tags.ipynb'],
  ]);
});

test('a kernel that finds one of its ports taken by another starts again', async () => {
  const spec = readFileSync(inProject('kernels/tandem/kernel.json'), 'utf8');
  const { argv, ...more } = JSON.parse(
    spec.replaceAll('{node}', process.execPath).replaceAll('{root}', inProject()),
  );
  const first = join(folder(), 'first');
  // The first time, its heart's port is held by somebody else.
  const taken = `if mkdir '${first}'; then exec '${inProject('.venv/bin/python')}' -c "$TAKEN" "$@"; else exec "$@"; fi`;
  const TAKEN = `import json, socket, subprocess, sys
port = json.load(open(sys.argv[-1]))['hb_port']
with socket.socket() as other:
    other.bind(('127.0.0.1', port))
    other.listen()
    sys.exit(subprocess.run(sys.argv[1:]).returncode)`;
  mkdirSync(join(folder(), 'kernels/tandem'), { recursive: true });
  writeFileSync(
    join(folder(), 'kernels/tandem/kernel.json'),
    JSON.stringify({
      ...more,
      argv: ['sh', '-c', taken, 'sh', ...argv],
      env: { ...more.env, TAKEN },
    }),
  );
  environment.JUPYTER_PATH = folder();
  const ended = await runReport('--output', join(folder(), 'report'), fixture('parameters'));
  delete environment.JUPYTER_PATH;
  expect(ended).toMatchObject({ code: 0, errors: [] });
  expect(existsSync(first)).toBe(true);
});
