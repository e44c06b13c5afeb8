import { existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bareCheckout, Run, setUp } from './checkout';
import '../outside';

/** Ends a set-up at its first check, which it makes while it holds the lock. */
const stopEarly = { TANDEM_PYTHON: '/bin/false' };

/** The processes that work in a folder. */
const workingIn = (folder: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === folder;
    } catch {
      return false; // Gone in the meantime, or another person's.
    }
  });

/** Waits until a step's process runs beside that of the set-up. */
async function stepRuns(folder: string, run: Run): Promise<void> {
  let left = false;
  run.ended.then(() => {
    left = true;
  });
  while (workingIn(folder).length < 2) {
    if (left) throw new Error(`set-up ended by itself: ${run.stderr}`);
    await sleep(20);
  }
}

test.each([
  ['of a process that is gone', '4194304 1'],
  ['whose number another process has by now', `${process.pid} 1`],
  ['that is no lock', 'nonsense'],
])('a lock %s is taken over', async (_, content) => {
  const folder = bareCheckout([]);
  mkdirSync(join(folder, 'build'));
  writeFileSync(join(folder, 'build/setup.lock'), content);
  const run = setUp(folder, stopEarly);
  expect(await run.ended).toBe(2);
  expect(run.stderr).toContain('TANDEM_PYTHON=/bin/false');
  expect(readdirSync(join(folder, 'build'))).toEqual([]);
});

test('a second command says that it waits, and continues when the first is done', async () => {
  const folder = bareCheckout([]);
  mkdirSync(join(folder, 'build'));
  const hold = `require('./src/files/lock').withLock('build/setup.lock', async () => {
    console.error('held');
    while (!require('node:fs').existsSync('release')) await new Promise((next) => setTimeout(next, 50));
  })`;
  const first = new Run(folder, ['-e', hold]);
  await first.says('held');
  const second = setUp(folder, stopEarly);
  await second.says('another command is setting up this folder; waiting for it …\n');
  writeFileSync(join(folder, 'release'), '');
  expect(await first.ended).toBe(0);
  expect(await second.ended).toBe(2);
});

test('Ctrl-C ends the step and its children; so does a kill; the next call continues', async () => {
  const folder = bareCheckout();
  const interrupted = setUp(folder);
  await interrupted.says('npm packages');
  await stepRuns(folder, interrupted);
  interrupted.kill('SIGINT');
  expect(await interrupted.ended).toBe(130);
  expect(interrupted.stderr).toContain(
    '\nset-up interrupted; the next call continues from here.\n',
  );
  while (workingIn(folder).length > 0) await sleep(20);
  expect(existsSync(join(folder, 'build/setup.lock'))).toBe(false);

  const killed = setUp(folder);
  await killed.says('npm packages');
  await stepRuns(folder, killed);
  killed.kill('SIGKILL');
  await killed.ended;
  while (workingIn(folder).length > 0) await sleep(20);
  expect(existsSync(join(folder, 'build/setup.lock'))).toBe(true);

  const next = setUp(folder, stopEarly);
  expect(await next.ended).toBe(2);
  expect(existsSync(join(folder, 'build/setup.lock'))).toBe(false);
});
