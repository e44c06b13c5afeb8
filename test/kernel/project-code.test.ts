import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { inProject } from '../../src/files/paths';
import { Driver, text } from './driver';

let folder: string;
let kernel: Driver;

/** A copy of the project that shares what is installed, with its own sources, build and kernel. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-code-'));
  for (const part of ['src', 'kernels', 'scripts', 'dist', 'package.json', 'tsconfig.json']) {
    const filter = (path: string) => basename(path) !== 'build';
    cpSync(inProject(part), join(folder, part), { recursive: true, filter });
  }
  for (const file of ['package-lock.json', 'requirements.txt'])
    cpSync(inProject(file), join(folder, file));
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(inProject('node_modules'))) {
    const target = name === 'tandem' ? folder : inProject('node_modules', name);
    symlinkSync(target, join(folder, 'node_modules', name));
  }
  const spec = readFileSync(inProject('kernels/tandem/kernel.json'), 'utf8');
  mkdirSync(join(folder, 'kernels/tandem'), { recursive: true });
  writeFileSync(
    join(folder, 'kernels/tandem/kernel.json'),
    spec.replaceAll('{node}', process.execPath).replaceAll('{root}', folder),
  );
  kernel = await Driver.start({ JUPYTER_PATH: folder });
});

afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true });
});

/** Replaces a text in a file of the copy's src/. */
function edit(file: string, from: string, to: string): void {
  const path = join(folder, 'src', file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
}

test('an edit in src/ takes effect at the next cell that imports it, in types and in values', async () => {
  expect(await kernel.value("import { names } from 'tandem/plots';\nnames.pytorch")).toBe(
    'PyTorch',
  );
  edit('plots/figure.ts', "pytorch: 'PyTorch'", "pytorch: 'Torch of Python'");
  edit('plots/index.ts', '', "export const edition = 'second';\n");
  // Not before it is imported.
  expect(await kernel.value('names.pytorch')).toBe('PyTorch');
  const result = await kernel.execute(
    "import { edition, names as updated } from 'tandem/plots';\nconsole.log(updated.pytorch, edition.length);",
  );
  expect(text(result, 'stdout')).toBe('Torch of Python 6\n');
  expect(text(result, 'stderr')).toMatch(
    /^Loaded again: .*src\/plots\/figure\.ts.* and \d+ modules that import it\. Earlier imports stay/,
  );
  expect(await kernel.value('names.pytorch')).toBe('PyTorch');
  const again = await kernel.execute("import { colors } from 'tandem/plots';");
  expect(text(again, 'stderr')).toBe('');
});

test('an edit that does not compile is reported with its error, and the last build is used', async () => {
  edit('plots/figure.ts', "pytorch: 'Torch of Python'", 'pytorch: 3');
  const broken = await kernel.execute(
    "import { names as kept } from 'tandem/plots';\nconsole.log(kept.pytorch);",
  );
  expect(text(broken, 'stderr')).toMatch(
    /^src\/ has changed but does not build; the last build is used\.[\s\S]*src\/plots\/figure\.ts\(\d+,\d+\): error TS2322/,
  );
  expect(text(broken, 'stdout')).toBe('Torch of Python\n');
});
