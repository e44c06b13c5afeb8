// The parts of the project's working order, each with a fast check and the work that mends it.
'use strict';
const { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } = require('node:fs');
const { join } = require('node:path');
const { buildTensorFlow, buildTorch, tfjs } = require('./native');
const { at, root, sitePackages, venv } = require('./paths');
const { run, SetupError } = require('./process');
const { findPython } = require('./python');
const { digest, readStamp, writeStamp } = require('./stamps');

const ok = { ok: true };
const problem = (text) => ({ ok: false, problem: text });

/** A step whose artefact carries a stamp: missing without it, stale when its inputs have changed. */
function stamped({ name, stamp, inputs, present, work }) {
  return {
    name,
    state() {
      const found = readStamp(stamp());
      if (found === null || !present()) return problem('missing');
      return found === inputs() ? ok : problem('out of date');
    },
    async run(show) {
      await work(show);
      writeStamp(stamp(), inputs());
    },
  };
}

const node = {
  name: 'Node.js',
  state() {
    const [major, minor] = process.versions.node.split('.').map(Number);
    return major > 20 || (major === 20 && minor >= 19) ? ok : problem('too old');
  },
  run() {
    throw new SetupError(`Node ${process.versions.node} is too old: install Node 20.19 or newer.`);
  },
};

const packages = stamped({
  name: 'npm packages',
  stamp: () => at('node_modules/.tandem-stamp'),
  inputs: () => digest([at('package-lock.json')]),
  present: () => existsSync(at('node_modules/typescript')),
  async work(show) {
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      log: at('build/setup-npm.log'),
      show,
      minutes: 15,
      mend: 'check the network and that npm can reach its registry, and call the command again',
    });
  },
});

// Notebooks import `tandem/torch` and the like through this link.
const selfLink = {
  name: 'package link',
  state() {
    return existsSync(at('node_modules/tandem/package.json')) ? ok : problem('missing');
  },
  run() {
    rmSync(at('node_modules/tandem'), { force: true, recursive: true });
    symlinkSync('..', at('node_modules/tandem'));
  },
};

const pythonPackages = stamped({
  name: 'Python packages (.venv)',
  stamp: () => join(venv, '.tandem-stamp'),
  // A virtual environment has its path written into it, so that a moved project makes a new one.
  inputs: () => digest([at('requirements.txt')], [root]),
  present: () => existsSync(join(venv, 'bin/python')) && sitePackages() !== null,
  async work(show) {
    const { command } = findPython();
    const log = at('build/setup-python.log');
    // Built in its place, as it can't be moved; without a stamp it counts as missing.
    rmSync(venv, { recursive: true, force: true });
    await run(command, ['-m', 'venv', venv], {
      log,
      show,
      minutes: 5,
      mend: 'this Python cannot make a virtual environment (Debian: apt-get install python3-venv)',
    });
    await run(
      join(venv, 'bin/python'),
      [
        ...['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'],
        ...['--retries', '2', '--timeout', '30', '-r', at('requirements.txt')],
      ],
      {
        log,
        show,
        minutes: 45,
        mend: 'check the network, the space on the disk, and that pip can reach its index, and call the command again',
      },
    );
  },
});

const facts = () => [process.versions.modules, root, sitePackages()];

const tensorflow = stamped({
  name: 'TensorFlow for Node (compiles)',
  stamp: () => join(tfjs, 'lib/napi-v8/.tandem-stamp'),
  inputs: () => digest([at('requirements.txt')], facts()),
  present: () => existsSync(join(tfjs, 'lib/napi-v8/tfjs_binding.node')),
  work: buildTensorFlow,
});

const torch = stamped({
  name: 'PyTorch for Node (compiles)',
  stamp: () => at('src/torch/native/build/.tandem-stamp'),
  inputs: () => digest([at('src/torch/native'), at('requirements.txt')], facts()),
  present: () => existsSync(at('src/torch/native/build/Release/torch.node')),
  work: buildTorch,
});

const typescript = stamped({
  name: 'TypeScript build',
  stamp: () => at('dist/.tandem-stamp'),
  inputs: () => digest([at('src'), at('kernels'), at('tsconfig.json')]),
  present: () => existsSync(at('dist/src')),
  async work(show) {
    // Files whose source is gone must go as well.
    rmSync(at('dist'), { recursive: true, force: true });
    await run(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', root, '--pretty', 'false'], {
      log: at('build/setup-typescript.log'),
      show,
      minutes: 5,
      mend: 'mend the type errors below, and call the command again',
    });
  },
});

const kernelFolder = join(venv, 'share/jupyter/kernels/tandem');

const kernel = stamped({
  name: 'Jupyter kernel',
  stamp: () => join(kernelFolder, '.tandem-stamp'),
  inputs: () => digest([at('kernels/tandem/kernel.json')], [process.execPath, root]),
  present: () => existsSync(join(kernelFolder, 'kernel.json')),
  work() {
    mkdirSync(kernelFolder, { recursive: true });
    const spec = readFileSync(at('kernels/tandem/kernel.json'), 'utf8')
      .replaceAll('{node}', process.execPath)
      .replaceAll('{root}', root);
    writeStamp(join(kernelFolder, 'kernel.json'), spec);
  },
});

const steps = [node, packages, selfLink, pythonPackages, tensorflow, torch, typescript, kernel];

module.exports = { steps };
