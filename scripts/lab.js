// JupyterLab with the Tandem kernel, opened on notebooks/. Further arguments go to JupyterLab.
'use strict';
const { spawn } = require('node:child_process');
const { command } = require('./setup/command');

command(async (argv) => {
  const { jupyterEnvironment, venvBin } = require('../dist/src/report/jupyter');
  const lab = spawn(venvBin('jupyter-lab'), ['--LabApp.default_url=/lab/tree/notebooks/01-mnist.ipynb', ...argv], {
    cwd: require('./setup/paths').root,
    env: jupyterEnvironment(),
    stdio: 'inherit',
  });
  // Ctrl-C reaches JupyterLab as well; it asks, and this command ends when it does.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => lab.kill('SIGTERM'));
  return new Promise((resolve) => lab.on('close', (code) => resolve(code ?? 1)));
});
