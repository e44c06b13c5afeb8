import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixture } from './fixture';
import { processesOf, startReport } from './run-report';

let output: string;
beforeEach(() => {
  output = mkdtempSync(join(tmpdir(), 'tandem-report-'));
});
afterEach(() => rmSync(output, { recursive: true, force: true }));

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends the kernel and leaves nothing half done', async (signal, expected) => {
  const { child, ended } = startReport('--output', output, fixture('endless-loop'));
  await new Promise<void>((resolve) => {
    let seen = '';
    child.stdout?.on('data', (text) => {
      seen += text;
      if (seen.includes('cell 2/3')) resolve();
    });
  });
  expect(processesOf(output).length).toBeGreaterThanOrEqual(2);
  child.kill(signal);
  const { code, errors } = await ended;
  expect(code).toBe(expected);
  expect(errors).toEqual(['Interrupted.']);
  expect(processesOf(output)).toEqual([]);
  expect(existsSync(output) ? readdirSync(output) : []).toEqual([]);
});
