import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../src/files/paths';

// A project of someone else's, with the package installed.
const folder = mkdtempSync(join(tmpdir(), 'tandem-project-'));
beforeAll(() => {
  mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
  symlinkSync(inProject(), join(folder, 'node_modules/tandem'));
  symlinkSync(inProject('src/torch'), join(folder, 'node_modules/tandem-torch'));
  symlinkSync(inProject('node_modules/@types/node'), join(folder, 'node_modules/@types/node'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "project" }');
});
afterAll(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder });
  return { status, output: `${stdout}${stderr}`.trim() };
}

const net = `
class Net extends torch.nn.Module {
  linear = new torch.nn.Linear(2, 1);
  forward(x: torch.Tensor): torch.Tensor {
    return this.linear.call(x).relu();
  }
}
const shape: readonly number[] = new Net().call(torch.ones(3, 2)).shape;
`;

test.each([
  ['node16', 'node16'],
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
  ['preserve', 'bundler'],
])('TypeScript finds the types: module %s, moduleResolution %s', (module, resolution) => {
  // Also where a package is of ES modules.
  const programs = ['program.ts', 'program.mts', 'torch.ts', 'torch.mts'];
  for (const name of programs) {
    const from = name.startsWith('torch') ? 'tandem-torch' : 'tandem/torch';
    writeFileSync(join(folder, name), `import * as torch from '${from}';${net}export { shape };`);
  }
  // One thread: several would each check the types that they share.
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--types', 'node'];
  options.push('--singleThreaded', '--skipDefaultLibCheck');
  const tsc = inProject('node_modules/typescript/bin/tsc');
  const asked = ['--module', module, '--moduleResolution', resolution];
  expect(run(tsc, ...options, ...asked, ...programs)).toEqual({
    status: 0,
    output: '',
  });
});

test.each([
  ['program.mjs', "import { ones } from 'tandem/torch'; import * as torch from 'tandem/torch';"],
  ['program.cjs', "const torch = require('tandem/torch'); const { ones } = torch;"],
  ['torch.mjs', "import { ones } from 'tandem-torch'; import * as torch from 'tandem-torch';"],
  ['torch.cjs', "const torch = require('tandem-torch'); const { ones } = torch;"],
])('Node runs %s', (name, imports) => {
  writeFileSync(
    join(folder, name),
    `${imports} console.log(torch.ones(2).add(ones(2)).sum().item());`,
  );
  expect(run(name)).toEqual({ status: 0, output: '4' });
});

test('node:test compares tensors', () => {
  writeFileSync(
    join(folder, 'equal.test.mjs'),
    `import { test } from 'node:test';
    import assert from 'node:assert';
    import * as torch from 'tandem/torch';
    test('equal', () => assert.deepStrictEqual([torch.ones(2)], [torch.ones(2)]));
    test('different', () => assert.deepStrictEqual([torch.ones(2)], [torch.zeros(2)]));`,
  );
  const { status, output } = run('--test', 'equal.test.mjs');
  expect(status).toBe(1);
  expect(output).toMatch(/pass 1$/m);
  expect(output).toMatch(/fail 1$/m);
});

test.each([
  ['tandem', 'dist/src/files/paths.js'],
  ['tandem-torch', 'src/torch/dist/native.js'],
])('a bundle that holds %s says what to do instead', (name, file) => {
  // As bundlers leave it: the code in a folder that belongs to no installation.
  const source = readFileSync(inProject(file), 'utf8');
  const bundled = source.replaceAll(/require\("\.\/\w+"\)/g, '{}');
  writeFileSync(join(folder, 'bundle.cjs'), bundled);
  const { status, output } = run('bundle.cjs');
  expect(status).toBe(1);
  expect(output).toContain(
    `leave ${name} out of the bundle (esbuild --external:${name}, webpack externals)`,
  );
});
