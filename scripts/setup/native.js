// Compiles the two native addons with node-gyp.
'use strict';
const { existsSync, mkdirSync, rmSync, symlinkSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');
const { realpathSync } = require('node:fs');
const { at, sitePackages } = require('./paths');
const { ask, run, SetupError } = require('./process');

function needCompiler() {
  const missing = ['g++', 'make'].filter((tool) => ask(tool, ['--version']) === null);
  if (missing.length > 0) {
    throw new SetupError(
      `${missing.join(' and ')} not found, needed to compile the native parts: install a C++ compiler and make (Debian: apt-get install g++ make).`,
    );
  }
}

/** Node's own headers, where its installation has them; else node-gyp fetches them. */
function nodeHeaders() {
  const prefix = resolve(dirname(realpathSync(process.execPath)), '..');
  return existsSync(join(prefix, 'include/node/node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

async function nodeGyp(folder, args, show) {
  needCompiler();
  const name = folder.includes('tfjs') ? 'tensorflow' : 'torch';
  await run(
    process.execPath,
    [
      at('node_modules/node-gyp/bin/node-gyp.js'),
      'rebuild',
      `--directory=${folder}`,
      `--devdir=${at('build/node-gyp')}`,
      ...nodeHeaders(),
      ...args,
    ],
    {
      log: at(`build/setup-${name}.log`),
      show,
      minutes: 15,
      mend: 'see the compiler errors in the log, and call the command again',
    },
  );
}

const tfjs = at('node_modules/@tensorflow/tfjs-node');

/** tfjs-node's addon, on the TensorFlow of the Python wheel in place of the one it would download. */
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
  await nodeGyp(tfjs, ['--module_name=tfjs_binding', `--module_path=${tfjs}/lib/napi-v8`], show);
}

async function buildTorch(show) {
  await nodeGyp(at('src/torch/native'), [`--torch_dir=${join(sitePackages(), 'torch')}`], show);
}

module.exports = { buildTensorFlow, buildTorch, tfjs };
