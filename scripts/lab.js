// JupyterLab with the Tandem kernel, opened on notebooks/. Further arguments go to JupyterLab.
const { spawn } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { command } = require('./setup/command');
const { at } = require('./setup/paths');

/** Runs JupyterLab; returns its exit code. */
function main(argv) {
  const { jupyterEnvironment, venvBin } = require('../dist/src/report/jupyter');
  // JupyterLab refuses to run as root unless allowed explicitly.
  const asRoot = process.getuid() === 0 ? ['--allow-root'] : [];
  const { workplace } = require('../dist/src/files/paths');
  const start = existsSync(join(workplace, 'notebooks')) ? '/lab/tree/notebooks' : '/lab';
  const args = [...['--ServerApp.root_dir=.', `--LabApp.default_url=${start}`], ...asRoot, ...argv];
  const env = { ...jupyterEnvironment(), TANDEM_PARENT: String(process.pid) };
  const program = [at('src/report/engine/lab.py'), ...args];
  const lab = spawn(venvBin('python'), program, { cwd: workplace, env, stdio: 'inherit' });
  // Ctrl-C reaches JupyterLab as well: it asks, and this command ends when it does.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => lab.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    lab.on('error', reject);
    lab.on('close', (code) => resolve(code ?? 1));
  });
}

command({
  name: 'lab',
  usage: '[options of JupyterLab]',
  about: `
Opens JupyterLab with the TypeScript kernel on your notebooks. --help-all lists JupyterLab's own options.`,
  main,
});
