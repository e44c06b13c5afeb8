import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Driver, failure } from './driver';

let folder: string;
let kernel: Driver;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-kernel-'));
  const run = { parameters: {}, events: join(folder, 'events.jsonl'), raisesException: [2] };
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
  kernel = await Driver.start({ TANDEM_RUN: join(folder, 'run.json') });
});
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true });
});

const events = () =>
  readFileSync(join(folder, 'events.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('each cell is reported, a failure that is allowed ends nothing, any other ends the run', async () => {
  const headless = "(globalThis as any)[Symbol.for('tandem.kernel')].headless";
  expect(await kernel.value(headless)).toBe('true');
  expect(failure(await kernel.execute("throw new Error('allowed')")).evalue).toBe('allowed');
  expect(await kernel.value('1')).toBe('1');
  expect(failure(await kernel.execute("throw new TypeError('not allowed')")).ename).toBe(
    'TypeError',
  );
  const { replies, output } = await kernel.execute("console.log('never')", {
    stop_on_error: false,
  });
  expect(replies[0]?.content.status).toBe('aborted');
  expect(output.map(({ type }) => type)).toEqual(['status', 'status']);
  const seconds = expect.any(Number);
  const allowed = { ename: 'Error', evalue: 'allowed' };
  const refused = { ename: 'TypeError', evalue: 'not allowed' };
  expect(events()).toEqual([
    { event: 'cell-start', cell: 1 },
    { event: 'cell-end', cell: 1, status: 'ok', seconds },
    { event: 'cell-start', cell: 2 },
    { event: 'cell-end', cell: 2, status: 'error', seconds, ...allowed },
    { event: 'cell-start', cell: 3 },
    { event: 'cell-end', cell: 3, status: 'ok', seconds },
    { event: 'cell-start', cell: 4 },
    { event: 'cell-end', cell: 4, status: 'error', seconds, ...refused },
    { event: 'cell-end', cell: 5, status: 'aborted' },
  ]);
});
