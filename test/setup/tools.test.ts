import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../../src/files/paths';
import { bareCheckout, evaluate, pathWith, setUp } from './checkout';
import '../outside';

const python = inProject('.venv/bin/python');

test('what Tandem’s programs import is compiled: they compile nothing when they start', () => {
  const { imported } = require(inProject('scripts/setup/python'));
  const uncompiled = `import importlib.util, os, sys
print([name for name in sys.argv[1:] if not os.path.exists(importlib.util.find_spec(name).cached)])`;
  const found = execFileSync(python, ['-B', '-c', uncompiled, ...imported], { encoding: 'utf8' });
  expect(imported.length).toBeGreaterThan(3);
  expect(found).toBe('[]\n');
});

test('without a compiler, one line says so before anything is downloaded', async () => {
  const folder = bareCheckout();
  const run = setUp(folder, { PATH: pathWith({ python3: python }), CXX: '' });
  expect(await run.ended).toBe(2);
  expect(run.stderr).toBe(
    'the native parts must be compiled, but g++ and make not found: install a C++ compiler and make (Debian: apt-get install g++ make).\n',
  );
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);
});

test('a path that a library can not have is reported in one line before anything is downloaded', async () => {
  const folder = join(pathWith({}), 'a:b');
  renameSync(bareCheckout(), folder);
  const run = setUp(folder);
  expect(await run.ended).toBe(2);
  expect(run.stderr).toBe(
    `the native parts must be compiled, but a library in ${folder} can't be linked because of the ":": move the project to a path without it.\n`,
  );
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);
});

test('an addon is built in a folder of any name', async () => {
  const folder = join(pathWith({}), "a b,c;d&e'f(g)#h$i*j[k]{l}!日本ü|<^`\\?");
  renameSync(bareCheckout(), folder);
  symlinkSync(inProject('node_modules'), join(folder, 'node_modules'));
  symlinkSync(inProject('.venv'), join(folder, '.venv'));
  const build = `const { buildStartUp, tensorflowNative } = require('./scripts/setup/native');
    await buildStartUp();
    return Object.keys(require(tensorflowNative + '/build/Release/start_up.node'));`;
  expect(await evaluate(folder, build)).toEqual(['hold', 'release', 'blockSignals']);
});

test('a compiler without C++20 is named with its version', async () => {
  const old = 'case "$1" in --version|-dump*) echo 7.5.0;; *) exit 1;; esac';
  const path = pathWith({ python3: python, 'g++': old, make: 'exit 0' });
  const run = setUp(bareCheckout(), { PATH: path, CXX: '' });
  expect(await run.ended).toBe(2);
  expect(run.stderr).toMatch(
    /^the native parts .* g\+\+ 7\.5\.0 does not compile C\+\+20: install .*\n$/,
  );
});

test('a TANDEM_PYTHON that is not Python is an error, even when the PATH has one', async () => {
  const run = setUp(bareCheckout(), { TANDEM_PYTHON: '/bin/false' });
  expect(await run.ended).toBe(2);
  expect(run.stderr).toBe(
    'TANDEM_PYTHON=/bin/false is not a Python 3.10 to 3.13 with venv: point it at one, or unset it.\n',
  );
});

test('an unsupported Python is named; a later one on the PATH is taken, a dead shim passed over', async () => {
  const ancient = pathWith({ python3: 'echo 3.8' });
  const run = setUp(bareCheckout(), { PATH: ancient, TANDEM_PYTHON: '' });
  expect(await run.ended).toBe(2);
  expect(run.stderr).toMatch(
    /^no Python 3\.10 to 3\.13 with venv was found \(found 3\.8\): install one .*\n$/,
  );

  const path = pathWith({ python3: 'echo 3.8', 'python3.13': 'exit 127', 'python3.11': python });
  const code = "return require('./scripts/setup/python').findPython().command;";
  const found = await evaluate(bareCheckout(), code, { PATH: path, TANDEM_PYTHON: '' });
  expect(found).toBe('python3.11');
});

test("PyTorch is TANDEM_PYTHON's if it has one, else .venv's; one that is too old is named", async () => {
  const folder = bareCheckout([]);
  const chosen = (TANDEM_PYTHON: string) =>
    evaluate(folder, "return require('./scripts/setup/given-python').torchPython();", {
      TANDEM_PYTHON,
    });
  const { python: found, torch } = (await chosen(python)) as Record<string, string>;
  expect(found).toBe(python);
  expect(existsSync(join(torch!, 'lib/libtorch_cpu.so'))).toBe(true);
  const own = {
    python: join(folder, '.venv/bin/python'),
    torch: join(folder, '.venv/torch'),
    version: '2.13.0',
  };
  expect(await chosen('')).toEqual(own);
  const pythons = pathWith({
    none: 'exit 1',
    odd: 'echo 3.8',
    old: `case "$2" in *torch*) echo python; echo ${folder};; *) echo 3.11;; esac`,
  });
  expect(await chosen(join(pythons, 'none'))).toEqual(own);
  expect(await chosen(join(pythons, 'odd'))).toEqual(own);
  writeFileSync(join(folder, 'version.py'), "__version__ = '2.10.0+cu128'\n");
  const old = setUp(folder, { TANDEM_PYTHON: join(pythons, 'old') });
  expect(await old.ended).toBe(2);
  expect(old.stderr).toMatch(
    /^TANDEM_PYTHON=.*old has torch 2\.10\.0: point it at a Python with torch 2\.11 to 2\.15, or unset it\.\n$/,
  );
});

test("in a person's project, PyTorch and TensorFlow of the Python that is there are used as they are", async () => {
  const folder = bareCheckout();
  rmSync(join(folder, 'tsconfig.json'));
  const pythons = pathWith({
    both: `exec ${python} "$@"`,
    older: `case "$2" in *tensorflow*) echo ${folder}; echo 2.19.0;; *) ${python} "$@" | sed "1s|.*|$0|";; esac`,
  });
  const used = (name: string) =>
    evaluate<{ text: string; tensorflow: { folder: string; version: string } }>(
      folder,
      `const given = require('./scripts/setup/given-python');
      return { text: given.givenText(), tensorflow: given.usedTensorflow() };`,
      { TANDEM_PYTHON: join(pythons, name) },
    );
  const both = await used('both');
  expect(both.text).toBe(`PyTorch 2.13.0 and TensorFlow 2.21.0 of ${python} are used as they are.`);
  expect(existsSync(join(both.tensorflow.folder, 'include/tensorflow/c/c_api.h'))).toBe(true);
  const older = await used('older');
  expect(older.text).toBe(
    `PyTorch 2.13.0 of ${join(pythons, 'older')} is used as it is; it has no TensorFlow 2.21, which is installed beside it.`,
  );
  expect(older.tensorflow).toEqual({ folder: join(folder, '.venv/tensorflow'), version: '2.21.0' });
});

test('a command sets up what it needs, and what that needs', async () => {
  const ids = (needs: string[]) =>
    evaluate<string[]>(
      bareCheckout([]),
      `return require('./scripts/setup').withNeeds(${JSON.stringify(needs)}).map(({ id }) => id);`,
    );
  expect(await ids(['torch', 'link'])).toEqual(['node', 'npm', 'link', 'python', 'torch']);
  expect(await ids(['kernel'])).toEqual(['node', 'python', 'jupyter', 'kernel']);
});

test('a failed step says what failed, what to do, and where its log is', async () => {
  const folder = bareCheckout();
  const path = join(folder, 'package-lock.json');
  const lock = readFileSync(path, 'utf8').replace(
    '/seedrandom": {\n      "version": "3.0.5"',
    '/seedrandom": {\n      "version": "3.0.4"',
  );
  writeFileSync(path, lock);
  const run = setUp(folder);
  expect(await run.ended).toBe(2);
  expect(run.stderr).toMatch(
    /^set-up 2\/10 {2}npm packages …\n[\s\S]*^set-up 2\/10 {2}npm packages {2}failed after \d+ s$/m,
  );
  expect(run.stderr).toContain(
    'npm ci failed with exit code 1: package-lock.json does not fit package.json; run `npm install --ignore-scripts` and run the command again. (whole log: build/setup-npm.log)',
  );
  expect(readFileSync(join(folder, 'build/setup-npm.log'), 'utf8')).toContain('EUSAGE');
});
