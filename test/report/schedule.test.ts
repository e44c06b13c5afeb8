import { setImmediate as turn } from 'node:timers/promises';
import { inOrder, runConstraints, type Task } from '../../src/report/run/schedule';

const task = (name: string, constraints: Partial<Task> = {}): Task => ({
  name,
  alone: false,
  after: [],
  ...constraints,
});

/** What begins and ends, in order; each task takes as many turns of the event loop as its place. */
async function told(tasks: readonly Task[], jobs: number, failing?: string): Promise<string[]> {
  const steps: string[] = [];
  await inOrder(tasks, jobs, async ({ name }) => {
    steps.push(`+${name}`);
    for (let i = 0; i <= tasks.findIndex((it) => it.name === name); i++) await turn();
    if (name === failing) throw new Error(`${name} failed`);
    steps.push(`-${name}`);
  }).catch((error: Error) => steps.push(error.message));
  return steps;
}

test('one job is one after the other', async () => {
  expect(await told([task('a'), task('b')], 1)).toEqual(['+a', '-a', '+b', '-b']);
});

test('no more run at once than there are jobs', async () => {
  const steps = await told(
    ['a', 'b', 'c', 'd', 'e'].map((name) => task(name)),
    2,
  );
  let running = 0;
  const most = Math.max(...steps.map((step) => (running += step.startsWith('+') ? 1 : -1)));
  expect(most).toBe(2);
  expect(steps).toHaveLength(10);
});

test('a notebook that runs alone waits until nothing else runs, and makes others wait', async () => {
  const steps = await told([task('a'), task('b', { alone: true }), task('c')], 3);
  expect(steps).toEqual(['+a', '+c', '-a', '-c', '+b', '-b']);
});

test('a notebook waits for those that it comes after in the same call', async () => {
  const tasks = [task('a', { after: ['b', 'elsewhere'] }), task('b')];
  expect(await told(tasks, 2)).toEqual(['+b', '-b', '+a', '-a']);
});

test('after an error nothing else starts, and running notebooks are awaited', async () => {
  const steps = await told([task('a'), task('b'), task('c')], 2, 'a');
  expect(steps).toEqual(['+a', '+b', '-b', 'a failed']);
});

test('notebooks that wait for each other are named', async () => {
  const tasks = [task('a', { after: ['b'] }), task('b', { after: ['a'] })];
  expect(await told(tasks, 2)).toEqual([expect.stringContaining('wait for each other')]);
});

test('constraints are read from the metadata, whatever stands there', () => {
  const notebook = (tandem: unknown) => ({
    nbformat: 4 as const,
    nbformat_minor: 5,
    metadata: { tandem },
    cells: [],
  });
  expect(runConstraints(notebook({ alone: true, after: ['x', 3] }))).toEqual({
    alone: true,
    after: ['x'],
  });
  expect(runConstraints(notebook(undefined))).toEqual({ alone: false, after: [] });
  expect(runConstraints(notebook({ alone: 'yes', after: 'x' }))).toEqual({
    alone: false,
    after: [],
  });
});
