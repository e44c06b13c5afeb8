import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Driver, failure, text } from './driver';

let folder: string;
let kernel: Driver;

const write = (path: string, content: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
};

/** A person's project, with packages of every kind. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-project-'));
  const manifest = (name: string, more: object = {}) =>
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', ...more }));
  write('package.json', '{ "name": "someones", "version": "7.0.0" }');
  write('data.csv', 'a,b\n1,2\n');
  write(
    'lib/helper.ts',
    'export const twice = (x: number) => 2 * x;\nexport type Twice = typeof twice;\n',
  );
  write(
    'lib/index.ts',
    "export * from './helper.js';\nexport { default as words } from './words.json';\n",
  );
  write('lib/words.json', '["one", "two"]');
  write(
    'lib/waits.ts',
    "import { twice } from './helper';\nexport const value = twice(await Promise.resolve(21));\n",
  );
  write(
    'lib/behind.ts',
    "import { value } from './waits';\nimport { loud } from 'only-esm';\nexport const shown = loud(String(value)), here = import.meta.dirname;\n",
  );
  write('lib/lazy.ts', "export const load = async () => (await import('./helper')).twice(4);\n");
  write('lib/plain.js', 'module.exports = { three: 3 };\n');
  write('lib/module.mjs', 'export const four = 4;\nexport const place = import.meta.url;\n');
  write(
    'lib/ring.ts',
    "import { b } from './ring-b';\nexport const a = () => b() + 1;\nexport const one = 1;\n",
  );
  write('lib/ring-b.ts', "import { one } from './ring';\nexport const b = () => one + 1;\n");
  manifest('common', { main: 'main.js', types: 'main.d.ts' });
  write('node_modules/common/main.js', 'module.exports = (x) => x + 1; module.exports.extra = 5;');
  write(
    'node_modules/common/main.d.ts',
    'declare function common(x: number): number; declare namespace common { const extra: number }\nexport = common;',
  );
  manifest('only-esm', {
    type: 'module',
    exports: {
      '.': { types: './i.d.ts', import: './i.js' },
      './sub/*': { types: './sub.d.ts', import: './sub-*.js' },
    },
  });
  write(
    'node_modules/only-esm/i.js',
    "await null;\nexport const loud = (s) => s + '!'; export default class Thing { n = 1 }",
  );
  write(
    'node_modules/only-esm/i.d.ts',
    'export declare const loud: (s: string) => string;\nexport default class Thing { n: number }',
  );
  write('node_modules/only-esm/sub-x.js', 'export const x = 10;');
  write('node_modules/only-esm/sub.d.ts', 'export declare const x: number;');
  manifest('dual', { exports: { import: './i.mjs', require: './r.cjs' } });
  write('node_modules/dual/i.mjs', 'export const kind = "dual"; export default kind;');
  write(
    'node_modules/dual/r.cjs',
    'exports.__esModule = true; exports.kind = exports.default = "dual";',
  );
  manifest('seedrandom', { version: '0.0.1' });
  write('node_modules/seedrandom/index.js', "exports.whose = 'mine';");
  write('global/everywhere/package.json', '{ "name": "everywhere", "main": "main.js" }');
  write('global/everywhere/main.js', "exports.whose = 'of NODE_PATH';");
  write('linked/package.json', '{ "name": "linked", "main": "main.js", "types": "main.d.ts" }');
  write('linked/main.js', "exports.linked = require('./part').part;");
  write('linked/part.js', "exports.part = 'linked';");
  write('linked/main.d.ts', 'export declare const linked: string;');
  symlinkSync(join(folder, 'linked'), join(folder, 'node_modules/linked'));
  kernel = await Driver.start({ NODE_PATH: join(folder, 'global') }, { folder });
});
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true });
});

test.each([
  ["import { readFileSync } from 'fs'; readFileSync('data.csv', 'utf8')", 'a,b\n1,2\n'],
  ["import { twice } from './lib/helper'; twice(2)", '4'],
  ["import { twice } from './lib/helper.ts'; twice(3)", '6'],
  ["import { twice } from './lib/helper.js'; twice(4)", '8'],
  ["import { twice, words } from './lib'; [twice(5), words]", "[ 10, [ 'one', 'two' ] ]"],
  [
    "import type { Twice } from './lib/helper'; import { type Twice as T, twice } from './lib/helper'; const t: T & Twice = twice; t(6)",
    '12',
  ],
  ["import common, { extra } from 'common'; [common(1), extra]", '[ 2, 5 ]'],
  ["import * as all from 'common'; all.extra", '5'],
  ["import common = require('common'); common(2)", '3'],
  ["import fs = require('fs'); fs.existsSync('/')", 'true'],
  ["require('common').extra", '5'],
  ["(await import('common')).default(3)", '4'],
  ["import Thing, { loud } from 'only-esm'; loud('hi') + new Thing().n", 'hi!1'],
  ["import { x } from 'only-esm/sub/x'; x", '10'],
  ["import dual, { kind } from 'dual'; [dual, kind]", "[ 'dual', 'dual' ]"],
  ["import { whose } from 'seedrandom'; whose", 'mine'],
  ["import { linked } from 'linked'; linked", 'linked'],
  [
    "import { whose } from 'everywhere'; [whose, require('everywhere').whose]",
    "[ 'of NODE_PATH', 'of NODE_PATH' ]",
  ],
  ["import p from './package.json' with { type: 'json' }; p.version", '7.0.0'],
  ["import words from './lib/words.json'; words.length", '2'],
  ["import { value } from './lib/waits'; value", '42'],
  [
    "import { here, shown } from './lib/behind'; [shown, here === process.cwd() + '/lib']",
    "[ '42!', true ]",
  ],
  ["import { load } from './lib/lazy'; await load()", '8'],
  ["import { three } from './lib/plain'; three", '3'],
  [
    "import { four, place } from './lib/module.mjs'; [four, place.startsWith('file:///')]",
    '[ 4, true ]',
  ],
  ["import { a } from './lib/ring'; a()", '3'],
  ["const { four } = await import('./lib/module.mjs'); four", '4'],
  ["const load = (name: string) => import(name); (await load('node:path')).sep", '/'],
  ["const source = 'data:text/javascript,export const text = 1'; (await import(source)).text", '1'],
  ["import path, { join } from 'path'; join('a', path.basename('/x/b'))", 'a/b'],
  ["import { names } from 'tandem/plots'; names.pytorch", 'PyTorch'],
  ["import { DataFrame } from 'danfojs-node'; new DataFrame({ a: [1] }).shape", '[ 1, 1 ]'],
  ["import { display } from 'tslab'; typeof display.html", 'function'],
  [
    "export { twice as doubled } from './lib/helper'; export * from './lib/ring'; 'exported'",
    'exported',
  ],
  ["import 'common'; require.resolve('./data.csv') === process.cwd() + '/data.csv'", 'true'],
])('in a folder of its own: %s', async (code, expected) => {
  const result = await kernel.execute(code);
  expect(failure(result).traceback).toBe(undefined);
  expect(text(result, 'stderr')).toBe('');
  expect(
    result.output.find(({ type }) => type === 'execute_result')?.content.data['text/plain'],
  ).toBe(expected);
});

test('an absolute path is a module too', async () => {
  expect(await kernel.value(`import { twice } from '${folder}/lib/helper'; twice(8)`)).toBe('16');
});

test('a missing module is reported at its line, and found once it exists', async () => {
  const missing = failure(await kernel.execute("\nimport { gone } from './lib/gone';"));
  expect(missing.evalue).toMatch(/^line 2: Cannot find module '.\/lib\/gone'/);
  write('lib/gone.ts', 'export const gone = 1;');
  expect(await kernel.value("import { gone } from './lib/gone'; gone")).toBe('1');
  const late = failure(await kernel.execute("await import('./lib/' + 'nowhere')"));
  expect(late.evalue).toMatch(/^Cannot find module '.\/lib\/nowhere'/);
});

test.each([
  ['late', "import { late } from 'late'; late"],
  ['@late/scoped', "import { late } from '@late/scoped'; late"],
  ['late-required', "require('late-required').late"],
  ['late-imported', "const name = 'late-imported'; (await import(name)).late"],
])('a package that was missing is found once it is installed: %s', async (name, code) => {
  expect(failure(await kernel.execute(code)).evalue).toMatch(`Cannot find module '${name}'`);
  const exports = { types: './lib/i.d.ts', default: './lib/i.js' };
  write(`node_modules/${name}/package.json`, JSON.stringify({ name, exports }));
  write(`node_modules/${name}/lib/i.js`, 'exports.late = 1;');
  write(`node_modules/${name}/lib/i.d.ts`, 'export declare const late: number;');
  expect(await kernel.value(code)).toBe('1');
});

test('an edited module and those that import it load again at the next import', async () => {
  await kernel.execute(
    "import { value as before } from './lib/waits';\nimport { shown as shownBefore } from './lib/behind';",
  );
  write(
    'lib/helper.ts',
    'export const twice = (x: number) => 200 * x;\nexport type Twice = typeof twice;\n',
  );
  const again = await kernel.execute(
    "import { shown as now } from './lib/behind';\n[before, shownBefore, now]",
  );
  expect(
    again.output.find(({ type }) => type === 'execute_result')?.content.data['text/plain'],
  ).toBe("[ 42, '42!', '4200!' ]");
  expect(text(again, 'stderr')).toMatch(
    /^Loaded again: lib\/helper\.ts and \d+ modules that import it/,
  );
});

test('an error in a module names its line, and one in its types or syntax its file', async () => {
  write(
    'lib/fails.ts',
    'export interface A { a: number }\n\nexport function fails(): never {\n  throw new RangeError("in a module");\n}\n',
  );
  const thrown = failure(await kernel.execute("import { fails } from './lib/fails';\n\nfails();"));
  expect(thrown.traceback).toContain('at fails (lib/fails.ts:4:');
  expect(thrown.traceback).toContain('3 | fails();');
  write('lib/wrong.ts', "export const n: number = 'one';\n");
  const wrong = failure(await kernel.execute("import { n } from './lib/wrong';"));
  expect(wrong.evalue).toBe(
    "lib/wrong.ts, line 1: Type 'string' is not assignable to type 'number'.",
  );
});

test('the tsconfig.json beside the notebook counts', async () => {
  const strict = mkdtempSync(join(tmpdir(), 'tandem-strict-'));
  writeFileSync(
    join(strict, 'tsconfig.json'),
    '{ "compilerOptions": { "strict": true, "noUnusedLocals": true, "paths": { "@/*": ["./src/*"] } } }',
  );
  mkdirSync(join(strict, 'src'));
  writeFileSync(join(strict, 'src/a.ts'), 'export const a = 1;');
  const other = await Driver.start({}, { folder: strict });
  const nullable = 'const s: string = null;';
  expect(failure(await other.execute(nullable)).evalue).toMatch(
    /^line 1: Type 'null' is not assignable/,
  );
  expect((await kernel.execute(nullable)).replies[0]?.content.status).toBe('ok');
  expect(await other.value("import { a } from '@/a'; a")).toBe('1');
  await other.stop();
  rmSync(strict, { recursive: true });
});
