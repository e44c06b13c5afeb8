import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Driver, failure, text } from './driver';

const folders: string[] = [];
const kernels: Driver[] = [];

afterAll(async () => {
  await Promise.all(kernels.map((kernel) => kernel.stop()));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A new folder of this name with these files. */
function folderOf(name: string, files: Record<string, string>): string {
  const outer = mkdtempSync(join(tmpdir(), 'tandem-place-'));
  folders.push(outer);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(outer, name, path)), { recursive: true });
    writeFileSync(join(outer, name, path), content);
  }
  return join(outer, name);
}

async function kernelIn(folder: string): Promise<Driver> {
  const kernel = await Driver.start({}, { folder });
  kernels.push(kernel);
  return kernel;
}

test('a notebook in a project whose path has spaces and letters of any script', async () => {
  const folder = folderOf("my größte Übung, 日本 (it's)", {
    'package.json': '{ "name": "own" }',
    'tsconfig.json': '{ "compilerOptions": { "strict": true } }',
    'a module.ts': "import words from './wörter.json';\nexport const count = () => words.length;\n",
    'wörter.json': '["eins", "zwei"]',
    'fails.ts': "\nexport function fails(): never { throw new Error('no'); }\n",
    'node_modules/mapped/package.json': JSON.stringify({
      name: 'mapped',
      exports: {
        './parts/*': { types: './types/*.d.ts', import: './esm/*.mjs', require: './cjs/*.cjs' },
        './hidden/*': null,
      },
    }),
    'node_modules/mapped/types/one.d.ts': 'export declare function one(of: string): string;',
    'node_modules/mapped/esm/one.mjs':
      "export const one = await Promise.resolve((of) => 'one of ' + of);",
    'node_modules/mapped/cjs/one.cjs': "exports.one = (of) => 'one of ' + of;",
    'node_modules/mapped/esm/two.mjs': '',
  });
  const kernel = await kernelIn(folder);
  expect(await kernel.value("import { count } from './a module';\ncount()")).toBe('2');
  expect(await kernel.value("import { one } from 'mapped/parts/one';\none('two')")).toBe(
    'one of two',
  );
  expect(await kernel.value("require('mapped/parts/one').one('three')")).toBe('one of three');
  // The package's types and the folder's tsconfig.json count.
  expect(failure(await kernel.execute('one(2)')).evalue).toMatch(
    /^line 1: Argument of type 'number' is not assignable to parameter of type 'string'/,
  );
  expect(failure(await kernel.execute('const s: string = null;')).evalue).toMatch(/'null'/);
  expect(failure(await kernel.execute("import 'mapped/hidden/two';")).evalue).toMatch(
    /mapped\/hidden\/two/,
  );
  writeFileSync(join(folder, 'a module.ts'), 'export const count = () => 30;\n');
  const again = await kernel.execute("import { count as recount } from './a module';\nrecount()");
  expect(text(again, 'stderr')).toMatch(/^Loaded again: a module\.ts/);
  expect(await kernel.value('recount()')).toBe('30');
  const thrown = failure(await kernel.execute("import { fails } from './fails';\nfails();"));
  expect(thrown.traceback).toContain('at fails (fails.ts:2:');
});

test('a notebook outside any project', async () => {
  const folder = folderOf('lone', { 'helper.ts': 'export const five = 5;\n' });
  const kernel = await kernelIn(folder);
  expect(await kernel.value("import { five } from './helper';\nfive")).toBe('5');
  expect(
    await kernel.value("import * as torch from 'tandem/torch';\ntorch.ones(2).sum().item()"),
  ).toBe('2');
  expect(failure(await kernel.execute("import x from 'not-there';")).evalue).toMatch(
    /^line 1: Cannot find module 'not-there'/,
  );
});
