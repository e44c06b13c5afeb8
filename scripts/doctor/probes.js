// Tries a part in a child process, so that a crash stays there. A probe returns { version } or
// { error }, both one line.
const { execFile } = require('node:child_process');
const { join } = require('node:path');
const { tfjs, torchNative } = require('../setup/native');
const { at, root, venv } = require('../setup/paths');

/** Runs `program -<flag> code`; the last line that it prints is the version. */
function probe(program, flag, code) {
  const environment = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const options = { cwd: root, env: environment, timeout: 120_000 };
  return new Promise((resolve) => {
    execFile(program, [flag, code], options, (error, stdout, stderr) => {
      const last = (text) => text.trim().split('\n').at(-1).trim();
      if (!error) return resolve({ version: last(stdout) });
      if (error.killed) return resolve({ error: 'no answer within two minutes' });
      const how = error.signal ? `killed by ${error.signal}` : last(stderr) || error.message;
      resolve({ error: how });
    });
  });
}

/** Awaits and prints `expression`; of an error only the message. */
const probeNode = (expression) =>
  probe(
    process.execPath,
    '-e',
    `(async () => console.log(await (${expression})))().then(process.exit, (error) => {
      console.error(error.message.split('\\n')[0]);
      process.exit(1);
    })`,
  );

const probePython = (code) => probe(join(venv, 'bin/python'), '-c', code);

const tensorflowProbe = () => {
  const addon = JSON.stringify(join(tfjs, 'lib/napi-v8/tfjs_binding.node'));
  return probeNode(`'TensorFlow ' + require(${addon}).TF_Version`);
};

const torchProbe = () => {
  const addon = JSON.stringify(join(torchNative, 'build/Release/torch.node'));
  return probeNode(`'PyTorch ' + /TORCH_VERSION=([^, ]+)/.exec(require(${addon}).showConfig())[1]`);
};

const venvProbe = () => probePython('import sys; print("Python %d.%d.%d" % sys.version_info[:3])');

const jupyterProbe = () =>
  probePython('import jupyterlab, nbconvert, plotly; print("JupyterLab", jupyterlab.__version__)');

const kernelProbe = () =>
  probePython(
    'from jupyter_client.kernelspec import get_kernel_spec as get; print(get("tandem").display_name)',
  );

const mnistProbe = () => {
  const built = JSON.stringify(at('dist/src/data/mnist.js'));
  return probeNode(
    `require(${built}).loadMnist().then((set) => set.train.count + ' + ' + set.test.count + ' images')`,
  );
};

module.exports = { jupyterProbe, kernelProbe, mnistProbe, tensorflowProbe, torchProbe, venvProbe };
