// The TypeScript build: src/torch, which is a package of its own, then the rest of src/ and kernels/.

const {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} = require('node:fs');
const { join } = require('node:path');
const { generate } = require('../../src/torch/generated/generate');
const { torchPython } = require('./given-python');
const { at } = require('./paths');
const { run } = require('./process');

/**
 * Builds a project into another folder and swaps the two: files without a source disappear, a failed build keeps
 * the last good one, and a kernel that runs from it finds its files at any time. `finish` adds to the new folder.
 */
async function build(project, show, finish) {
  const dist = at(project, 'dist');
  const [fresh, old, log] = [`${dist}.tmp`, `${dist}.old.tmp`, at('build/setup-typescript.log')];
  for (const path of [fresh, old, log]) rmSync(path, { recursive: true, force: true });
  const out = ['--outDir', fresh, '--tsBuildInfoFile', `${fresh}/.tsbuildinfo`];
  const compiler = at('node_modules/typescript/bin/tsc');
  await run(process.execPath, [compiler, '-p', at(project), '--pretty', 'false', ...out], {
    what: 'tsc',
    log,
    show,
    minutes: 5,
    fix: 'fix the type errors and run the command again.',
  });
  finish?.(fresh);
  if (existsSync(dist)) {
    keepTimes(dist, fresh);
    renameSync(dist, old);
  }
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

/** Declarations that are as they were keep their time, so that the snapshot's are still good. */
function keepTimes(from, to) {
  for (const name of readdirSync(to, { recursive: true })) {
    const [old, fresh] = [join(from, name), join(to, name)];
    if (!name.endsWith('.d.ts') || !existsSync(old)) continue;
    if (!readFileSync(old).equals(readFileSync(fresh))) continue;
    const { atime, mtime } = statSync(old);
    utimesSync(fresh, atime, mtime);
  }
}

async function buildTypeScript(show) {
  // What is generated is JavaScript already, and another for another PyTorch.
  await build('src/torch', show, (dist) =>
    generate({ ...torchPython(), to: join(dist, 'generated') }),
  );
  await build('.', show);
}

module.exports = { buildTypeScript };
