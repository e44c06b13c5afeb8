import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject, projectRoot } from '../../src/files/paths';
import '../outside';

const committed = inProject('src/torch/generated');
const { generate, torchVersion } = require(join(committed, 'generate'));
const python = inProject('.venv/bin/python');

const files = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(folder)
      .filter((name) => /^(?!generate\.).*(\.js|\.d\.ts)$/.test(name))
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-generated-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A torch's folder as far as its version goes. */
function torchOf(version: string): string {
  const torch = join(folder, version);
  mkdirSync(torch);
  writeFileSync(join(torch, 'version.py'), `__version__ = '${version}'\ncuda = '13.0'\n`);
  return torch;
}

test('the generated operators match the installed wheel', () => {
  const call = [join(committed, 'generate.py'), '--check'];
  const { status, stdout } = spawnSync(python, call, { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

test('the declarations compile where a program checks its libraries', () => {
  const tsc = inProject('node_modules/typescript/bin/tsc');
  const options = [
    '--noEmit',
    '--strict',
    '--target',
    'es2022',
    '--module',
    'node16',
    '--ignoreConfig',
  ];
  const types = ['--types', 'node', inProject('src/torch/dist/index.d.ts')];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, ...types], {
    encoding: 'utf8',
    cwd: projectRoot,
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

test('the committed files serve every build of their version', () => {
  const pinned = /torch==([\d.]+)/.exec(
    readFileSync(inProject('requirements/frameworks.in'), 'utf8'),
  )![1]!;
  const to = join(folder, 'to');
  generate({ python: 'no python', torch: torchOf(`${pinned}+cu130`), to });
  expect(files(to)).toEqual(files(committed));
});

test("for another version they are written by that version's Python", () => {
  const to = join(folder, 'to');
  const torch = torchOf('2.99.1+cpu');
  expect(torchVersion(torch)).toBe('2.99.1');
  expect(() => generate({ python: 'no python', torch, to })).toThrow(
    "The operators of torch 2.99.1 can't be generated: no python can't be started",
  );
  // What only the version before had can't be called, but its types are still there.
  mkdirSync(to);
  writeFileSync(join(to, 'signatures.d.ts'), '  gone_before: [x: number];\n');
  generate({ python, torch, to });
  const written = files(to);
  const gone = '  /** Not in this version of PyTorch. */\n  gone_before: [never];\n';
  const types = written.get('signatures.d.ts')!;
  expect(types).toContain(gone);
  written.set('signatures.d.ts', types.replace(gone, ''));
  expect(written).toEqual(files(committed));
});

test('the list of operators is read as PyYAML reads it', () => {
  const script = `
import sys
sys.path.insert(0, ${JSON.stringify(committed)})
import yaml
import native_functions as own
from torchgen.gen import LineLoader
text = (own.FOLDER / "native_functions.yaml").read_text()
expected, found = yaml.load(text, Loader=LineLoader), own.records(text)
print(len(found) > 2000, [e for e, f in zip(expected, found) if e != f], len(expected) - len(found))
`;
  const { stdout } = spawnSync(python, ['-c', script], { encoding: 'utf8' });
  expect(stdout).toBe('True [] 0\n');
});

test('torch needs no PyYAML to be generated from', () => {
  const script = `
import sys
sys.modules["yaml"] = None
sys.path.insert(0, ${JSON.stringify(committed)})
import native_functions
print(len(native_functions.native_functions()) > 2500)
`;
  const { stdout, stderr } = spawnSync(python, ['-c', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe('True\n');
});
