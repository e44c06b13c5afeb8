import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { inProject, projectRoot } from '../../src/files/paths';
import { bareCheckout, evaluate, Run, setUp } from './checkout';

const step = (id: string) =>
  `const step = require('./scripts/setup/steps').steps.find((one) => one.id === '${id}');`;

const stateOf = (folder: string, id: string) =>
  evaluate<{ ok: boolean; problem?: string }>(folder, `${step(id)} return step.state();`);

const runStep = async (folder: string, id: string, env?: NodeJS.ProcessEnv): Promise<Run> => {
  const run = new Run(
    folder,
    [
      '-e',
      `${step(id)} (async () => step.run(() => {}))().catch((error) => {
      console.error(error.message);
      process.exit(error.exitCode);
    })`,
    ],
    env,
  );
  await run.ended;
  return run;
};

test('when nothing is to be done, set-up says nothing', async () => {
  await setUp(projectRoot).ended;
  const again = setUp(projectRoot);
  expect(await again.ended).toBe(0);
  expect(again.stderr + again.stdout).toBe('');
});

test('the kernel spec names this Node and this folder, and follows its template', async () => {
  const folder = bareCheckout(['kernels']);
  mkdirSync(join(folder, '.venv/lib/python3.11/site-packages'), { recursive: true });
  expect(await stateOf(folder, 'kernel')).toEqual({ ok: false, problem: 'missing' });
  await runStep(folder, 'kernel');
  expect(await stateOf(folder, 'kernel')).toEqual({ ok: true });

  const path = join(folder, '.venv/share/jupyter/kernels/tandem/kernel.json');
  const { argv, display_name } = JSON.parse(readFileSync(path, 'utf8'));
  expect(display_name).toBe('TypeScript (Tandem)');
  expect(argv.find(isAbsolute)).toBe(process.execPath);
  expect(argv).toContain(join(folder, 'dist/kernels/tandem/launch.js'));
  const other = path.replace('tandem/kernel.json', 'tandem-javascript/kernel.json');
  expect(JSON.parse(readFileSync(other, 'utf8'))).toMatchObject({
    argv: [...argv, 'javascript'],
    display_name: 'JavaScript (Tandem)',
    language: 'javascript',
  });

  writeFileSync(join(folder, 'kernels/tandem/kernel.json'), '{}');
  expect(await stateOf(folder, 'kernel')).toEqual({ ok: false, problem: 'stale' });
});

test('another version of Node finds all of it ready', async () => {
  const states = await evaluate<{ id: string; ok: boolean }[]>(
    projectRoot,
    `const versions = { ...process.versions, node: '99.0.0', modules: '999' };
    Object.defineProperty(process, 'versions', { value: versions });
    process.execPath = '/another/node';
    const { steps } = require('./scripts/setup/steps');
    return steps.map((step) => ({ id: step.id, ok: step.state().ok }));`,
  );
  expect(states.length).toBeGreaterThan(5);
  for (const { id, ok } of states) expect({ id, ok }).toEqual({ id, ok: true });
});

describe('npm', () => {
  // One package that needs no network: a tarball of its own.
  const folder = bareCheckout([]);
  const pack = (script: string) => {
    mkdirSync(join(folder, 'package'), { recursive: true });
    const own = { name: 'own', version: '1.0.0', scripts: { install: script } };
    writeFileSync(join(folder, 'package/package.json'), JSON.stringify(own));
    execFileSync('tar', ['czf', 'own.tgz', 'package'], { cwd: folder });
    rmSync(join(folder, 'package'), { recursive: true });
    const manifest = { name: 'tandem', version: '1.0.0', dependencies: { own: 'file:own.tgz' } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    const packages = {
      '': manifest,
      'node_modules/own': { version: '1.0.0', resolved: 'file:own.tgz', hasInstallScript: true },
    };
    const lock = { name: 'tandem', version: '1.0.0', lockfileVersion: 3, packages };
    writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  };
  beforeAll(() => pack('touch ran'));
  const installed = () => existsSync(join(folder, 'node_modules/own/package.json'));

  test.each([
    ['is a file', () => join(folder, 'package.json')],
    ["can't be made", () => '/dev/null/home'],
    [
      "holds a cache that can't be written",
      () => {
        const home = join(folder, 'home');
        mkdirSync(join(home, '.npm'), { recursive: true });
        writeFileSync(join(home, '.npm/_cacache'), '');
        return home;
      },
    ],
  ])('installs where HOME %s', async (_, home) => {
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
    const run = await runStep(folder, 'npm', { HOME: home(), npm_config_cache: undefined });
    expect(run.stderr).toBe('');
    expect(installed()).toBe(true);
  });

  test('runs no script of a package, also where it is called by hand', () => {
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder });
    expect(installed()).toBe(true);
    expect(existsSync(join(folder, 'node_modules/own/ran'))).toBe(false);
  });
});

test("a project that can't be written: one line, before anything is done", async () => {
  const folder = bareCheckout();
  chmodSync(folder, 0o555);
  const run = new Run(folder, [
    '-e',
    `if (process.getuid() === 0) process.setuid(65534);
    require('./scripts/setup/command').command({ main: () => console.log('ran') });`,
  ]);
  const code = await run.ended;
  chmodSync(folder, 0o755);
  expect(run.stderr).toBe(
    `${folder}: there is no permission to use it; use a clone that you can write to.\n`,
  );
  expect({ code, stdout: run.stdout }).toEqual({ code: 2, stdout: '' });
});

describe('the TypeScript build', () => {
  const folder = bareCheckout([]);
  const source = (name: string) => join(folder, 'src', name);
  symlinkSync(inProject('node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'kernels'), { recursive: true });
  copyFileSync(inProject('src/torch/tsconfig.json'), source('torch/tsconfig.json'));
  writeFileSync(source('torch/index.ts'), 'export {};\n');
  writeFileSync(source('kept.ts'), 'export const kept = 1;\n');
  writeFileSync(source('gone.ts'), 'export const gone = 1;\n');

  test('a deleted source disappears from dist', async () => {
    await runStep(folder, 'typescript');
    expect(existsSync(join(folder, 'dist/src/gone.js'))).toBe(true);
    rmSync(source('gone.ts'));
    expect(await stateOf(folder, 'typescript')).toEqual({ ok: false, problem: 'stale' });
    await runStep(folder, 'typescript');
    expect(existsSync(join(folder, 'dist/src/gone.js'))).toBe(false);
    expect(existsSync(join(folder, 'dist/src/kept.d.ts'))).toBe(true);
    expect(await stateOf(folder, 'typescript')).toEqual({ ok: true });
  });

  test('a type error is shown with its place, and the last good build stays', async () => {
    writeFileSync(source('kept.ts'), "export const kept: number = 'two';\n");
    const run = await runStep(folder, 'typescript');
    expect(run.stderr).toMatch(/^tsc failed with exit code \d: fix the type errors/);
    expect(run.stderr).toContain('src/kept.ts(1,14): error TS2322');
    expect(readFileSync(join(folder, 'dist/src/kept.js'), 'utf8')).toContain('kept = 1');
    expect((await stateOf(folder, 'typescript')).ok).toBe(false);
  });
});
