// What the doctor looks at, in the order of the set-up. A part is { name, version, state, fix,
// optional? }; its state is ok, missing (not there), stale (made from older inputs) or broken (there,
// and does not work). An optional part may be missing.
const { existsSync, readFileSync } = require('node:fs');
const { relative } = require('node:path');
const { commandLine } = require('../../src/command/invocation');
const { at, root } = require('../setup/paths');
const { snapshotFile } = require('../../kernels/tandem/snapshot-file');
const { steps } = require('../setup/steps');
const { pinnedPackages, pythonPart } = require('./python');
const {
  jupyterProbe,
  kernelProbe,
  mnistProbe,
  tensorflowProbe,
  torchProbe,
  venvProbe,
} = require('./probes');
const { chromiumPart, compilerPart, diskPart } = require('./tools');

const setUp = `every other command sets it up, ${commandLine('report')} for one`;
const project = process.env.TANDEM_PROJECT ?? root;
const reinstall = (path) => `delete ${relative(project, at(path))}, then ${setUp}`;

const state = (id) => steps.find((step) => step.id === id).state();

/** The state of every part. */
async function examine() {
  const ready = steps.every((step) => step.state().ok);
  const parts = await Promise.all([
    stepPart('node', { version: () => process.versions.node, fix: 'install Node 20.19 or newer' }),
    compilerPart(!ready),
    stepPart('npm', { version: installedPackages }),
    stepPart('link', {}),
    pythonPart(),
    stepPart('python', { probe: venvProbe, remake: reinstall('.venv') }),
    stepPart('jupyter', { probe: jupyterProbe, remake: reinstall('.venv') }),
    pinnedPackages(state('python').ok ? reinstall('.venv') : setUp),
    stepPart('tensorflow', {
      probe: tensorflowProbe,
      remake: reinstall('node_modules/@tensorflow/tfjs-node/lib/napi-v8'),
    }),
    stepPart('torch', { probe: torchProbe, remake: reinstall('src/torch/native/build') }),
    stepPart('typescript', { version: () => require(at('package.json')).version }),
    stepPart('kernel', {
      probe: kernelProbe,
      remake: reinstall('.venv/share/jupyter/kernels/tandem'),
    }),
    stepPart('snapshot', {
      version: () =>
        existsSync(snapshotFile()) ? `Node ${process.versions.node}` : 'none with this Node',
    }),
    mnistPart(),
    chromiumPart(),
    diskPart(!ready),
  ]);
  return parts.flat();
}

/**
 * A part from its set-up step. `version` reads it cheaply; `probe` really uses the part and gives
 * { version } or { error }; `remake` says how to make it again when the probe fails.
 */
async function stepPart(id, { version = () => '', probe, remake, fix = setUp }) {
  const step = steps.find((one) => one.id === id);
  const { ok, problem } = step.state();
  const part = { name: step.name, version: '', state: ok ? 'ok' : problem, fix: ok ? '' : fix };
  if (problem === 'missing') return part;
  const found = probe ? await probe() : { version: version() };
  if (found.error) return { ...part, state: 'broken', fix: `${found.error}: ${remake}` };
  return { ...part, version: found.version };
}

function installedPackages() {
  const record = JSON.parse(readFileSync(at('node_modules/.package-lock.json'), 'utf8'));
  return `${Object.keys(record.packages).length} packages`;
}

/** The data that the build would load; its own error names the file and the fix. */
async function mnistPart() {
  const name = process.env.TANDEM_DATA ? 'Data (TANDEM_DATA)' : 'MNIST data';
  if (['npm', 'typescript'].some((id) => state(id).problem === 'missing')) {
    return { name, version: '', state: 'missing', fix: setUp };
  }
  const { version, error } = await mnistProbe();
  return error
    ? { name, version: '', state: 'broken', fix: error }
    : { name, version, state: 'ok', fix: '' };
}

module.exports = { examine };
