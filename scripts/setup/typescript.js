// The TypeScript build: src/ and kernels/ into dist/.

const { existsSync, renameSync, rmSync } = require('node:fs');
const { join } = require('node:path');
const { generate } = require('../../src/torch/generated/generate');
const { at, root } = require('./paths');
const { run } = require('./process');
const { torchPython } = require('./torch-python');

/**
 * Builds into another folder and swaps the two: files without a source disappear, a failed build keeps the last
 * good one, and a kernel that runs from dist/ finds its files at any time.
 */
async function buildTypeScript(show) {
  const [fresh, old, log] = [at('dist.tmp'), at('dist.old.tmp'), at('build/setup-typescript.log')];
  for (const path of [fresh, old, log]) rmSync(path, { recursive: true, force: true });
  const out = ['--outDir', fresh, '--tsBuildInfoFile', `${fresh}/.tsbuildinfo`];
  const compiler = at('node_modules/typescript/bin/tsc');
  await run(process.execPath, [compiler, '-p', root, '--pretty', 'false', ...out], {
    what: 'tsc',
    log,
    show,
    minutes: 5,
    fix: 'fix the type errors and run the command again.',
  });
  generate({ ...torchPython(), to: join(fresh, 'src/torch/generated') });
  if (existsSync(at('dist'))) renameSync(at('dist'), old);
  renameSync(fresh, at('dist'));
  rmSync(old, { recursive: true, force: true });
}

module.exports = { buildTypeScript };
