// The steps of the set-up, each with a fast check and the work that fixes it.

const {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} = require('node:fs');
const { isAbsolute, join } = require('node:path');
const { needCompiler } = require('./compiler');
const { buildTensorFlow, buildTorch, tensorflowNative, tfjs, torchNative } = require('./native');
const { installPackages } = require('./npm');
const { at, root, sitePackages, venv } = require('./paths');
const { SetupError } = require('./process');
const { buildVenv, findPython } = require('./python');
const { torchPython } = require('./torch-python');
const { torchVersion } = require('../../src/torch/generated/generate');
const { digest, readStamp, writeStamp } = require('./stamps');
const { buildTypeScript } = require('./typescript');

const ok = { ok: true };
const problem = (text) => ({ ok: false, problem: text });

/**
 * A step whose artefact carries a stamp: missing without it, stale if its inputs have changed.
 * The stamp is removed before the work and written after it, so that half-done work counts as missing.
 */
function stamped({ id, name, stamp, inputs, present, need, work }) {
  return {
    id,
    name,
    need,
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
    ['typescript', 'tandem-torch'].every((name) =>
      existsSync(at('node_modules', name, 'package.json')),
    ),
  work: installPackages,
});

// Notebooks import `tandem/torch` and the other parts through this link.
const selfLink = {
  id: 'link',
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
  id: 'python',
  name: 'Python packages (.venv)',
  stamp: () => join(venv, '.tandem-stamp'),
  // A virtual environment contains its own path, so that a moved project needs a new one.
  inputs: () => digest([at('requirements.txt')], [root]),
  present: () => existsSync(join(venv, 'bin/python')) && sitePackages() !== null,
  need: findPython,
  work: buildVenv,
});

// Both addons use only Node-API, so that one binary serves every version of Node.
const nativeFacts = () => [root, sitePackages()];

const tensorflow = stamped({
  id: 'tensorflow',
  name: 'TensorFlow for Node',
  stamp: () => join(tfjs, 'lib/napi-v8/.tandem-stamp'),
  inputs: () => digest([at('requirements.txt'), tensorflowNative], nativeFacts()),
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
  stamp: () => join(torchNative, 'build/.tandem-stamp'),
  inputs: () =>
    digest([torchNative, at('requirements.txt')], [...nativeFacts(), torchPython().torch]),
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

const typescript = stamped({
  id: 'typescript',
  name: 'TypeScript build',
  stamp: () => at('dist/.tandem-stamp'),
  inputs: () =>
    digest(
      ['src', 'kernels', 'tsconfig.json', 'package-lock.json'].map((p) => at(p)),
      [torchVersion(torchPython().torch)],
    ),
  present: () => existsSync(at('dist/src')) && existsSync(at('src/torch/dist')),
  work: buildTypeScript,
});

const kernels = join(venv, 'share/jupyter/kernels');
const kernelFolder = join(kernels, 'tandem');
const javascriptFolder = join(kernels, 'tandem-javascript');
// The extension that makes JupyterLab show figures in its theme's colours.
const lab = {
  from: at('kernels/tandem/lab'),
  to: join(venv, 'share/jupyter/labextensions/tandem-look'),
};

// It doesn't fetch news or check for updates, and doesn't ask whether it may.
const labSettings = {
  from: at('kernels/tandem/lab-settings.json'),
  to: join(venv, 'share/jupyter/lab/settings/overrides.json'),
};

// The module that lets papermill set parameters, and its entry point.
const papermill = at('kernels/tandem/papermill');
const papermillParts = () =>
  readdirSync(papermill)
    .filter((name) => name.startsWith('tandem_papermill'))
    .map((name) => ({ from: join(papermill, name), to: join(sitePackages(), name) }));

const kernelNode = () =>
  JSON.parse(readFileSync(join(kernelFolder, 'kernel.json'), 'utf8')).argv.find(isAbsolute);

const kernel = stamped({
  id: 'kernel',
  name: 'Jupyter kernel',
  stamp: () => join(kernelFolder, '.tandem-stamp'),
  inputs: () =>
    digest([at('kernels/tandem/kernel.json'), lab.from, labSettings.from, papermill], [root]),
  present: () =>
    [
      kernelFolder,
      javascriptFolder,
      lab.to,
      labSettings.to,
      ...papermillParts().map(({ to }) => to),
    ].every((path) => existsSync(path)) && existsSync(kernelNode()),
  work() {
    const spec = readFileSync(at('kernels/tandem/kernel.json'), 'utf8')
      .replaceAll('{node}', process.execPath)
      .replaceAll('{root}', root);
    const typescript = JSON.parse(spec);
    const javascript = {
      ...typescript,
      argv: [...typescript.argv, 'javascript'],
      display_name: 'JavaScript (Tandem)',
      language: 'javascript',
    };
    for (const [folder, content] of [
      [kernelFolder, typescript],
      [javascriptFolder, javascript],
    ]) {
      mkdirSync(folder, { recursive: true });
      writeStamp(join(folder, 'kernel.json'), JSON.stringify(content, undefined, 2));
    }
    rmSync(lab.to, { recursive: true, force: true });
    cpSync(lab.from, lab.to, { recursive: true });
    cpSync(labSettings.from, labSettings.to);
    for (const { from, to } of papermillParts()) cpSync(from, to, { recursive: true });
  },
});

const steps = [node, packages, selfLink, pythonPackages, tensorflow, torch, typescript, kernel];

module.exports = { steps };
