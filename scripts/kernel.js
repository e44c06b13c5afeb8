// `tandem kernel install`: the kernel for a Jupyter of the person's own, or VS Code.
const { homedir } = require('node:os');
const { join, resolve } = require('node:path');
const { parseArgs } = require('node:util');
const { commandLine } = require('../src/command/invocation');
const { command, frameworks } = require('./setup/command');
const { installKernel } = require('./setup/kernel');
const { ask, SetupError } = require('./setup/process');

const help = commandLine('kernel', '--help');

/** The data folder of the Jupyter that is meant. */
function shareOf(values) {
  if (values.prefix !== undefined) return resolve(values.prefix, 'share/jupyter');
  if (values['sys-prefix']) {
    const { VIRTUAL_ENV, CONDA_PREFIX } = process.env;
    const prefix =
      VIRTUAL_ENV ?? CONDA_PREFIX ?? ask('python3', ['-c', 'import sys; print(sys.prefix)']);
    if (prefix) return join(prefix, 'share/jupyter');
    throw new SetupError(
      '--sys-prefix: no environment is active, and there is no python3; use --prefix DIR.',
    );
  }
  return process.env.JUPYTER_DATA_DIR ?? join(homedir(), '.local/share/jupyter');
}

function read(argv) {
  try {
    return parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        user: { type: 'boolean' },
        'sys-prefix': { type: 'boolean' },
        prefix: { type: 'string' },
        name: { type: 'string', default: 'tandem' },
        verbose: { type: 'boolean' },
      },
    });
  } catch (cause) {
    throw new SetupError(`${cause.message.split(/\.\s|\n/)[0]}. See ${help}.`);
  }
}

/** Installs the kernel; returns the exit code. */
function main(argv) {
  const { values, positionals } = read(argv);
  if (positionals.join(' ') !== 'install') {
    throw new SetupError(`What is to be done with the kernel? See ${help}.`);
  }
  const places = ['user', 'sys-prefix', 'prefix'].filter((name) => values[name] !== undefined);
  if (places.length > 1) throw new SetupError(`--${places.join(' and --')}: give one of them.`);
  if (!/^[\w.-]+$/.test(values.name)) {
    throw new SetupError(`--name ${values.name}: use letters, digits, ".", "-" and "_".`);
  }
  for (const file of installKernel(shareOf(values), values.name)) console.log(`installed ${file}`);
  return 0;
}

command({
  name: 'kernel',
  usage: 'install [--user | --sys-prefix | --prefix DIR] [--name NAME]',
  about: `
Makes the TypeScript and the JavaScript kernel known to a Jupyter, or VS Code.
  --user          for your own user (default): in JUPYTER_DATA_DIR or ~/.local/share/jupyter
  --sys-prefix    for the active virtual environment or conda environment, else python3's
  --prefix DIR    for the Python environment in DIR
  --name NAME     under another name than tandem`,
  needs: [...frameworks, 'snapshot'],
  main,
});
