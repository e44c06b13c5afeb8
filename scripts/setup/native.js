// Compiles the two native addons with node-gyp.

const { mkdirSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { nodeHeaders } = require('../../src/torch/find-torch');
const { needCompiler } = require('./compiler');
const { at, sitePackages, venv } = require('./paths');
const { run } = require('./process');
const { torchPython } = require('./torch-python');

async function nodeGyp(name, folder, args, show) {
  needCompiler();
  const log = at(`build/setup-${name}.log`);
  rmSync(log, { force: true });
  await run(
    process.execPath,
    [
      ...[
        at('node_modules/node-gyp/bin/node-gyp.js'),
        'rebuild',
        '--jobs=max',
        `--directory=${folder}`,
      ],
      ...[`--devdir=${at('build/node-gyp')}`, `--python=${join(venv, 'bin/python')}`],
      ...nodeHeaders(),
      ...args,
    ],
    {
      what: `node-gyp (${name})`,
      log,
      show,
      minutes: 15,
      fix: 'see the first error in the log, fix it, and run the command again.',
    },
  );
}

const tfjs = at('node_modules/@tensorflow/tfjs-node');

/** The addon that loads TensorFlow's library quietly. */
const tensorflowNative = at('src/tensorflow/native');

/** tfjs-node's addon, built against the TensorFlow of the Python wheel instead of the one it would download. */
async function buildTensorFlow(show) {
  const wheel = join(sitePackages(), 'tensorflow');
  const link = (target, path) => {
    rmSync(path, { recursive: true, force: true });
    symlinkSync(target, path);
  };
  mkdirSync(join(tfjs, 'deps/lib'), { recursive: true });
  const libraries = {
    'libtensorflow_cc.so.2': ['libtensorflow.so', 'libtensorflow.so.2', 'libtensorflow_cc.so.2'],
    'libtensorflow_framework.so.2': ['libtensorflow_framework.so', 'libtensorflow_framework.so.2'],
  };
  for (const [library, names] of Object.entries(libraries)) {
    for (const name of names) link(join(wheel, library), join(tfjs, 'deps/lib', name));
  }
  link(join(wheel, 'include'), join(tfjs, 'deps/include'));
  const addon = ['--module_name=tfjs_binding', `--module_path=${tfjs}/lib/napi-v8`];
  await nodeGyp('tensorflow', tfjs, addon, show);
  await nodeGyp('tensorflow-start-up', tensorflowNative, [], show);
}

const torchNative = at('src/torch/native');

/** The file in the addon's build folder that names the Python whose torch it is built against. */
const torchRecord = join(torchNative, 'build/python');

/** The libtorch binding, built against the libtorch of the Python wheel. */
async function buildTorch(show) {
  const { python, torch } = torchPython();
  await nodeGyp('torch', torchNative, [`--torch_dir=${torch}`], show);
  writeFileSync(torchRecord, python);
}

module.exports = { buildTensorFlow, buildTorch, tensorflowNative, tfjs, torchNative };
