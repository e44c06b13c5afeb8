import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../../src/files/paths';
import type { RunEvent } from '../../src/report/output/run-events';
import { fixture, outputFolder } from './fixture';
import { type Ended, environment, runReport, textsIn } from './run-report';

// One run of four notebooks, looked at from all sides, and a second one of the same.
const folder = outputFolder(false);
const notebooks = ['failing-cell', 'parameters', 'passing', 'tags'];
const call = () => [
  ...['--profile', 'smoke', '--output', folder(), '--jobs', '2', '--seed', '7', '--json'],
  ...['--set', 'title=from outside', '--set', 'rate=2.5', '--set', 'loud=true'],
  ...['--to', 'html,markdown', '--junit', join(folder(), 'junit.xml')],
  ...['--only', notebooks.map(fixture).join(',')],
];
let first: Ended;
let second: Ended;
beforeAll(async () => {
  environment.GITHUB_STEP_SUMMARY = join(folder(), 'summary.md');
  first = await runReport(...call());
  environment.GITHUB_STEP_SUMMARY = '';
  second = await runReport(...call());
});

const eventsOf = (run: Ended): RunEvent[] =>
  run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const file = (name: string): string => readFileSync(join(folder(), name), 'utf8');

test('the exit code is 1, and the summary names notebook, cell, line and error', () => {
  expect(first.code).toBe(1);
  expect(first.errors).toEqual([
    expect.stringMatching(
      /^failed: test\/report\/fixtures\/failing-cell\.ipynb, cell 2, line 2: RangeError: the rate/,
    ),
  ]);
});

test('--json tells each step on a line of its own, and nothing else', () => {
  const events = eventsOf(first);
  expect(events[0]).toMatchObject({ event: 'run-start', notebooks, profile: 'smoke', jobs: 2 });
  expect(events.at(-1)).toMatchObject({
    event: 'run-end',
    code: 1,
    counts: { passed: 3, failed: 1, cached: 0, 'not-run': 0 },
  });
  const told = events.filter((event) => 'notebook' in event && event.notebook === 'failing-cell');
  const seconds = expect.any(Number);
  expect(told).toMatchObject([
    { event: 'notebook-start', cells: 3 },
    { event: 'cell-start', cell: 1 },
    { event: 'cell-end', cell: 1, status: 'ok', seconds },
    { event: 'cell-start', cell: 2 },
    { event: 'cell-end', cell: 2, status: 'error', seconds },
    { event: 'cell-end', cell: 3, status: 'aborted', seconds },
    { event: 'notebook-end', state: 'failed', failure: { cell: 2, line: 2, ename: 'RangeError' } },
  ]);
});

test('--jobs 2 begins a second notebook before the first has ended', () => {
  const steps = eventsOf(first).flatMap(({ event }) => (/^notebook/.test(event) ? [event] : []));
  expect(steps.slice(0, 2)).toEqual(['notebook-start', 'notebook-start']);
  expect(steps).toHaveLength(8);
});

test('--set and --seed reach the parameters that a notebook declares, with their types', () => {
  expect(textsIn(folder(), 'parameters')[1]).toBe(
    '{"title":"from outside","rate":2.5,"loud":true,"seed":7}\n',
  );
  expect(file('parameters.html')).toMatch(/title\u00a0=\u00a0from outside/);
});

test('tags: cells are skipped, may fail, and leave out of the page what they say', () => {
  const [raised, , , , end] = textsIn(folder(), 'tags');
  expect(raised).toBe('');
  expect(end).toBe('the end\n');
  for (const document of ['tags.html', 'tags.md']) {
    const text = file(document).replace(/<[^>]*>/g, '');
    expect(text).toContain('meant to fail');
    expect(text).toContain('the code of this is hidden');
    expect(text).not.toContain("console.log('the code");
    expect(text).not.toContain('the cell of this is hidden');
    expect(text).not.toMatch(/^\s*the output of this is hidden/m);
    expect(text).toContain('the end');
  }
});

test('--to markdown writes figures as pictures with their words, and marks what failed', () => {
  const markdown = file('passing.md');
  const [, words, picture] = /!\[(loss by epoch[^\]]*)\]\(([^)]+)\)/.exec(markdown) ?? [];
  expect(words).toBe('loss by epoch: training 2.12 to 0.57, validation 1.83 to 0.51');
  expect(file(picture!)).toMatch(/^<svg/);
  expect(file('failing-cell.md')).toContain('**This run failed.**');
});

test('--junit has a suite a notebook and a case a cell', () => {
  const script = `
import json, sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
print(json.dumps([[s.get('name'), s.get('tests'), s.get('failures'), s.get('skipped'),
  [[c.tag for c in case] for case in s]] for s in root] + [root.get('tests'), root.get('failures')]))`;
  const python = inProject('.venv/bin/python');
  const read = execFileSync(python, ['-c', script, join(folder(), 'junit.xml')]);
  expect(JSON.parse(read.toString())).toEqual([
    ['failing-cell', '3', '1', '1', [[], ['failure'], ['skipped']]],
    ['parameters', '2', '0', '0', [[], []]],
    ['passing', '7', '0', '0', [[], [], [], [], [], [], []]],
    ['tags', '5', '0', '0', [[], [], [], [], []]],
    ...['17', '1'],
  ]);
});

test("GitHub's job summary is a table of the notebooks, with what went wrong below it", () => {
  const summary = file('summary.md');
  expect(summary).toMatch(/^\| passing \| ✅ passed \| 7 \| \d\d:\d\d \|$/m);
  expect(summary).toMatch(/^\| failing-cell \| ❌ failed \| 3 \|/m);
  expect(summary).toMatch(/^- \*\*.*failing-cell.*\*\*, <code>cell 2, line 2: RangeError/m);
  expect(summary).not.toContain('<script>');
});

test('successful, unchanged notebooks are cached; failed ones run again', () => {
  const states = eventsOf(second).flatMap((event) =>
    event.event === 'notebook-end' ? [[event.notebook, event.state]] : [],
  );
  expect(Object.fromEntries(states)).toEqual({
    'failing-cell': 'failed',
    parameters: 'cached',
    passing: 'cached',
    tags: 'cached',
  });
  expect(second.code).toBe(1);
  expect(textsIn(folder(), 'tags').at(-1)).toBe('the end\n');
});

test('--force runs what is cached', async () => {
  const { code, stdout } = await runReport(
    ...call().slice(0, -2),
    '--force',
    fixture('parameters'),
  );
  expect(stdout).toContain('"state":"passed"');
  expect(code).toBe(0);
});

test('no working files are left', () => {
  const left = readdirSync(folder()).filter((name) => /tmp$|^\.work$|^\.lock/.test(name));
  expect(left).toEqual([]);
  expect(existsSync(join(folder(), 'index.html'))).toBe(true);
});
