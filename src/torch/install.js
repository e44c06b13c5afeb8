#!/usr/bin/env node
// npm's install step of this package, and `npx tandem-torch`: builds the addon against the PyTorch of the Python that is there.
// Plain JavaScript without dependencies, since nothing else is installed yet.

const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { linkProblem, torchBuild } = require('./addon-build');
const { pythons, torchOf } = require('./find-torch');
const { generate } = require('./generated/generate');

function fail(message) {
  console.error(`tandem-torch: ${message}`);
  process.exit(1);
}

function main() {
  // In Tandem's own project set-up does this.
  if (existsSync(join(__dirname, '../../scripts/setup.js'))) return;
  const asked = pythons();
  let found;
  for (const python of asked) {
    found = torchOf(python);
    if (found) break;
  }
  if (!found) {
    fail(
      `no PyTorch was found (asked: ${asked.join(', ')}). Install it (pip install torch), or set TANDEM_PYTHON to a Python that has it, and run this again.`,
    );
  }
  if (!found.supported) {
    fail(
      `PyTorch ${found.version} of ${found.python} is not supported: install PyTorch 2.11 or newer, or set TANDEM_PYTHON to a Python that has it.`,
    );
  }
  const odd = linkProblem(found.torch);
  if (odd) fail(`${odd}: move the Python environment to a path without it.`);
  if (spawnSync('g++', ['--version']).status !== 0) {
    fail('g++ was not found: install it (Debian: apt-get install g++ make) and run this again.');
  }
  console.log(`tandem-torch: building for PyTorch ${found.version} of ${found.python}`);
  generate({ python: found.python, torch: found.torch, to: join(__dirname, 'dist/generated') });
  const gyp = process.env.npm_config_node_gyp;
  const [command, first] = gyp ? [process.execPath, [gyp]] : ['node-gyp', []];
  const build = torchBuild(found.torch);
  const { status, error } = spawnSync(command, [...first, ...build.args], { stdio: 'inherit' });
  if (status === 0) build.take();
  build.remove();
  if (error || status !== 0) fail('the addon could not be built; the first error above says why.');
}

main();
