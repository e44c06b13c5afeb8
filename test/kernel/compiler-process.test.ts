import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CellFiles } from '../../kernels/tandem/cell-files';
import { inProject } from '../../src/files/paths';
import { Driver, failure, isAlive, text } from './driver';

/** How V8 is set decides which snapshot a Node takes, so that this one is of no other test. */
const settings = '--stack-trace-limit=11';
const snapshots = inProject('build/snapshots');

let kernel: Driver;

/** The id and the command line of the compiler's process, a child of the kernel's. */
function compiler(): { pid: number; line: string[] } | undefined {
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const line = readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0');
      const parent = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8'))?.[1];
      if (Number(parent) === kernel.pid && line.some((part) => part.includes('compiler-main')))
        return { pid: Number(entry), line };
    } catch {
      // It has ended meanwhile.
    }
  }
  return undefined;
}

test('a tsconfig.json leaves the declarations as they are, so that those of the snapshot serve it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-strict-'));
  const compilerOptions = {
    ...{ strict: true, noFallthroughCasesInSwitch: true, isolatedModules: true },
    paths: { '@/*': ['./src/*'] },
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  const files = (of: string) => new CellFiles(of, false).open('1').program.getSourceFiles();
  try {
    const known = new Set(files(tmpdir()));
    const own = files(folder).filter((file) => !known.has(file));
    expect(own.filter((file) => file.isDeclarationFile)).toEqual([]);
    expect(own.length).toBeGreaterThan(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('in one kernel', () => {
  beforeAll(async () => {
    kernel = await Driver.start();
  });
  afterAll(() => kernel.stop());

  test('it starts from the snapshot', async () => {
    await kernel.execute('1');
    expect(compiler()?.line).toContain('--snapshot-blob');
  });

  test('it completes names while a cell runs', async () => {
    await kernel.execute('const letters: string[] = [];');
    const ask = (request: string, code: string) => ({
      ...{ request, channel: 'shell', content: { code, cursor_pos: code.length } },
    });
    const busy = "console.log('busy'); while (!answered());";
    const { replies } = await kernel.beside(busy, ask('complete_request', 'letters.ma'));
    expect(replies.map(({ type }) => type)).toEqual(['complete_reply', 'execute_reply']);
    expect(replies[0]!.content.matches).toContain('map');
  });

  test('if it is killed, it reads the cells again, and variables stay', async () => {
    await kernel.execute('const kept: number = 6;');
    const { pid } = compiler()!;
    process.kill(pid, 'SIGKILL');
    while ((compiler() ?? { pid }).pid === pid) await sleep(50);
    expect(await kernel.value('kept * 7')).toBe('42');
    expect(failure(await kernel.execute('const text: string = kept;')).evalue).toContain(
      "Type 'number' is not assignable",
    );
  });
});

const dying = `require('node:v8').startupSnapshot.setDeserializeMainFunction(() => {
  setTimeout(() => process.exit(1), 500);
});`;

test.each([
  ['that is damaged', (file: string) => writeFileSync(file, 'damaged')],
  [
    'whose process ends before it is ready',
    (file: string) => {
      writeFileSync(`${file}.js`, dying);
      const options = ['--no-warnings', '--snapshot-blob', file, '--build-snapshot', `${file}.js`];
      execFileSync(process.execPath, options, { env: { ...process.env, NODE_OPTIONS: settings } });
      rmSync(`${file}.js`);
    },
  ],
])('a snapshot %s costs nothing but its time', async (_, make) => {
  const env = { ...process.env, NODE_OPTIONS: settings };
  const facts = 'process.version + "-" + require("v8").cachedDataVersionTag() + ".blob"';
  const name = execFileSync(process.execPath, ['-p', facts], { encoding: 'utf8', env }).trim();
  mkdirSync(snapshots, { recursive: true });
  make(join(snapshots, name));
  kernel = await Driver.start({ NODE_OPTIONS: settings });
  const result = await kernel.execute('console.log(1 + 1)');
  rmSync(join(snapshots, name));
  await kernel.stop();
  expect(text(result, 'stdout')).toBe('2\n');
  expect(text(result, 'stderr')).toBe('');
});

test('it ends without a word when the kernel is killed, also while it starts', async () => {
  kernel = await Driver.start();
  const { pid } = compiler()!;
  process.kill(kernel.pid, 'SIGKILL');
  while (isAlive(pid)) await sleep(50);
  expect(await kernel.stop()).not.toContain('EPIPE');
});
