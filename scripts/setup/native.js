// Compiles the native addons with node-gyp.

const { mkdirSync, rmSync, symlinkSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { addonBuild, torchBuild } = require('../../src/torch/addon-build');
const { needCompiler } = require('./compiler');
const { torchPython, usedTensorflow } = require('./given-python');
const { at, venv } = require('./paths');
const { run } = require('./process');

/** Node's headers, which node-gyp fetches where Node comes without them. */
const fetched = at('build/node-gyp');

/** Runs `build` (addonBuild) with node-gyp and takes what comes of it. */
async function nodeGyp(name, build, show) {
  needCompiler();
  mkdirSync(fetched, { recursive: true });
  const log = at(`build/setup-${name}.log`);
  rmSync(log, { force: true });
  try {
    await run(
      process.execPath,
      [
        at('node_modules/node-gyp/bin/node-gyp.js'),
        ...build.args,
        ...[`--devdir=${join(build.folder, 'fetched')}`, `--python=${join(venv, 'bin/python')}`],
      ],
      {
        what: `node-gyp (${name})`,
        log,
        show,
        minutes: 15,
        fix: 'see the first error in the log, fix it, and run the command again.',
      },
    );
    build.take();
  } finally {
    build.remove();
  }
}

const tfjs = at('node_modules/@tensorflow/tfjs-node');

/** The addon that loads TensorFlow's library quietly. */
const tensorflowNative = at('src/tensorflow/native');

/** tfjs-node's addon, built against the TensorFlow of the Python wheel instead of the one it would download. */
async function buildTensorFlow(show) {
  const { folder: wheel } = usedTensorflow();
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
  const addon = addonBuild(tfjs, {
    parts: ['binding.gyp', 'binding'],
    links: { fetched, deps: join(tfjs, 'deps') },
    file: 'tfjs_binding.node',
    to: join(tfjs, 'lib/napi-v8'),
  });
  addon.args.push('--module_name=tfjs_binding', '--module_path=lib');
  await nodeGyp('tensorflow', addon, show);
  await buildStartUp(show);
}

async function buildStartUp(show) {
  const startUp = addonBuild(tensorflowNative, {
    links: { fetched },
    file: 'start_up.node',
    to: join(tensorflowNative, 'build/Release'),
  });
  await nodeGyp('tensorflow-start-up', startUp, show);
}

const torchNative = at('src/torch/native');

/** The file in the addon's build folder that names the Python whose torch it is built against. */
const torchRecord = join(torchNative, 'build/python');

/** The libtorch binding, built against the libtorch of the Python wheel. */
async function buildTorch(show) {
  const { python, torch } = torchPython();
  await nodeGyp('torch', torchBuild(torch, { fetched }), show);
  writeFileSync(torchRecord, python);
}

module.exports = { buildStartUp, buildTensorFlow, buildTorch, tensorflowNative, tfjs, torchNative };
