// The steps of the set-up, each with a fast check and the work that fixes it.

const { cpSync, existsSync, readdirSync, rmSync, symlinkSync } = require('node:fs');
const { join } = require('node:path');
const { needCompiler } = require('./compiler');
const { givenFolders, givenText, torchPython, usedTensorflow } = require('./given-python');
const { installKernel, isKernelInstalled, kernelSources } = require('./kernel');
const { buildTensorFlow, buildTorch, tensorflowNative, tfjs, torchNative } = require('./native');
const { installPackages } = require('./npm');
const { at, isClone, root, sitePackages, venv } = require('./paths');
const { SetupError } = require('./process');
const { buildVenv, findPython, installJupyter } = require('./python');
const { generate } = require('../../src/torch/generated/generate');
const { snapshotFolder } = require('../../kernels/tandem/snapshot-file');
const { makeSnapshot, snapshotInputs } = require('./snapshot');
const { digest, readStamp, writeStamp } = require('./stamps');
const { buildTypeScript } = require('./typescript');

const ok = { ok: true };
const problem = (text) => ({ ok: false, problem: text });

/**
 * A step whose artefact carries a stamp: missing without it, stale if its inputs have changed. It waits for the
 * steps `after`.
 * The stamp is removed before the work and written after it, so that half-done work counts as missing.
 */
function stamped({ id, name, after = [], stamp, inputs, present, need, note, work }) {
  return {
    id,
    name,
    after,
    need,
    note,
    state() {
      const found = readStamp(stamp());
      if (found === null || !present()) return problem('missing');
      return found === inputs() ? ok : problem('stale');
    },
    async run(show) {
      const known = readStamp(stamp()) !== null;
      const made = inputs();
      rmSync(stamp(), { force: true });
      await work(show, known);
      writeStamp(stamp(), made);
    },
  };
}

const needNode = () => {
  throw new SetupError(`Node ${process.versions.node} is too old: install Node 20.19 or newer.`);
};

const node = {
  id: 'node',
  name: 'Node.js',
  after: [],
  need: needNode,
  state() {
    const [major, minor] = process.versions.node.split('.').map(Number);
    return major > 20 || (major === 20 && minor >= 19) ? ok : problem('stale');
  },
  run: needNode,
};

const packages = stamped({
  id: 'npm',
  name: 'npm packages',
  stamp: () => at('node_modules/.tandem-stamp'),
  inputs: () => digest([at('package-lock.json')]),
  present: () =>
    [isClone ? 'typescript' : 'tslab', 'tandem-torch'].every((name) =>
      existsSync(at('node_modules', name, 'package.json')),
    ),
  work: installPackages,
});

// Notebooks import `tandem/torch` and the other parts through this link.
const selfLink = {
  id: 'link',
  name: 'package link',
  after: ['npm'],
  state() {
    return existsSync(at('node_modules/tandem/package.json')) ? ok : problem('missing');
  },
  run() {
    rmSync(at('node_modules/tandem'), { force: true, recursive: true });
    symlinkSync('..', at('node_modules/tandem'));
  },
};

const pythonPackages = stamped({
  id: 'python',
  name: 'Python packages (.venv)',
  stamp: () => join(venv, '.tandem-stamp'),
  // A virtual environment contains its own path, so that a moved project needs a new one.
  inputs: () =>
    digest(
      [at('requirements.txt'), at('requirements/frameworks.in')],
      isClone ? [root] : [root, ...givenFolders()],
    ),
  present: () => existsSync(join(venv, 'bin/python')) && sitePackages() !== null,
  need: findPython,
  note: givenText,
  work: buildVenv,
});

const jupyter = stamped({
  id: 'jupyter',
  name: 'Jupyter (.venv)',
  after: ['python'],
  stamp: () => join(venv, '.tandem-jupyter'),
  inputs: () =>
    digest([at('requirements.txt'), at('requirements'), join(__dirname, 'compile-imports.py')]),
  present: () => existsSync(join(venv, 'bin/jupyter-lab')),
  work: installJupyter,
});

// Both addons use only Node-API, so that one binary serves every version of Node.
const tensorflow = stamped({
  id: 'tensorflow',
  name: 'TensorFlow for Node',
  after: ['npm', 'python'],
  stamp: () => join(tfjs, 'lib/napi-v8/.tandem-stamp'),
  inputs() {
    const { folder, version } = usedTensorflow();
    return digest([tensorflowNative], [root, folder, version]);
  },
  present: () =>
    [join(tfjs, 'lib/napi-v8/tfjs_binding.node'), join(tensorflowNative, 'build/Release')].every(
      (path) => existsSync(path),
    ),
  need: needCompiler,
  work: buildTensorFlow,
});

const torch = stamped({
  id: 'torch',
  name: 'PyTorch for Node',
  after: ['npm', 'python'],
  stamp: () => join(torchNative, 'build/.tandem-stamp'),
  inputs() {
    const { torch, version } = torchPython();
    return digest([torchNative], [root, torch, version]);
  },
  present: () =>
    ['build/Release/torch.node', 'build/python'].every((file) =>
      existsSync(join(torchNative, file)),
    ),
  need() {
    torchPython();
    needCompiler();
  },
  work: buildTorch,
});

const generated = () => at('src/torch/dist/generated');

const typescript = isClone
  ? stamped({
      id: 'typescript',
      name: 'TypeScript build',
      after: ['npm'],
      stamp: () => at('dist/.tandem-stamp'),
      inputs: () =>
        digest(
          ['src', 'kernels', 'tsconfig.json', 'package-lock.json'].map((p) => at(p)),
          [torchPython().version],
        ),
      present: () => existsSync(at('dist/src')) && existsSync(at('src/torch/dist')),
      work: buildTypeScript,
    })
  : stamped({
      id: 'typescript',
      name: "PyTorch's operators",
      after: ['python'],
      stamp: () => join(generated(), '.tandem-stamp'),
      inputs: () => torchPython().version,
      present: () => existsSync(generated()),
      work: () => generate({ ...torchPython(), to: generated() }),
    });

const share = join(venv, 'share/jupyter');

// It doesn't fetch news or check for updates, and doesn't ask whether it may.
const labSettings = {
  from: at('kernels/tandem/lab-settings.json'),
  to: join(share, 'lab/settings/overrides.json'),
};

// The module that lets papermill set parameters, and its entry point.
const papermill = at('kernels/tandem/papermill');
const papermillParts = () =>
  readdirSync(papermill)
    .filter((name) => name.startsWith('tandem_papermill'))
    .map((name) => ({ from: join(papermill, name), to: join(sitePackages(), name) }));

const kernel = stamped({
  id: 'kernel',
  name: 'Jupyter kernel',
  after: ['jupyter'],
  stamp: () => join(share, 'kernels/tandem/.tandem-stamp'),
  inputs: () => digest([...kernelSources, labSettings.from, papermill], [root]),
  present: () =>
    isKernelInstalled(share) &&
    [labSettings, ...papermillParts()].every(({ to }) => existsSync(to)),
  work() {
    installKernel(share);
    for (const { from, to } of [labSettings, ...papermillParts()])
      cpSync(from, to, { recursive: true });
  },
});

const snapshot = stamped({
  id: 'snapshot',
  name: 'Kernel snapshot',
  after: ['npm', 'link', 'typescript'],
  stamp: () => join(snapshotFolder, '.tandem-stamp'),
  inputs() {
    const { sources, facts } = snapshotInputs();
    return digest([at('package-lock.json'), ...sources], facts);
  },
  // A Node that can't make one has none.
  present: () => true,
  work: makeSnapshot,
});

const steps = [
  node,
  packages,
  selfLink,
  pythonPackages,
  tensorflow,
  torch,
  typescript,
  jupyter,
  kernel,
  snapshot,
];

module.exports = { steps };
