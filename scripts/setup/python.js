// The project's Python: finding it, and building .venv from it.

const { rmSync } = require('node:fs');
const { join } = require('node:path');
const { at, venv } = require('./paths');
const { ask, run, SetupError } = require('./process');

const probe = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
const supported = ['3.10', '3.11', '3.12', '3.13'];

/**
 * The command and version of a Python 3.10 to 3.13 with venv; TANDEM_PYTHON comes before the PATH.
 * Each is tried by running it, since a version manager's shim may lead nowhere.
 */
function findPython() {
  const wish = process.env.TANDEM_PYTHON;
  const order = ['3.13', '3.12', '3.11', '3.10'].map((version) => `python${version}`);
  const seen = [];
  for (const command of wish ? [wish] : ['python3', ...order]) {
    const version = ask(command, ['-c', probe]);
    if (supported.includes(version)) return { command, version };
    if (version) seen.push(version);
  }
  const found = seen.length ? ` (found ${seen.join(', ')})` : '';
  throw new SetupError(
    wish
      ? `TANDEM_PYTHON=${wish} is not a Python 3.10 to 3.13 with venv${found}: point it at one, or unset it.`
      : `no Python 3.10 to 3.13 with venv was found${found}: install one (Debian: apt-get install python3 python3-venv) or set TANDEM_PYTHON.`,
  );
}

/** Builds .venv from requirements.txt, in place, since it can't be moved. */
async function buildVenv(show) {
  const { command } = findPython();
  const log = at('build/setup-python.log');
  rmSync(log, { force: true });
  rmSync(venv, { recursive: true, force: true });
  await run(command, ['-m', 'venv', venv], {
    what: `${command} -m venv`,
    log,
    show,
    minutes: 5,
    fix: 'this Python cannot make a virtual environment (Debian: apt-get install python3-venv).',
  });
  const python = join(venv, 'bin/python');
  const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input'];
  const retries = ['--retries', '2', '--timeout', '30'];
  await run(python, [...pip, ...retries, '-r', at('requirements.txt')], {
    what: 'pip install',
    log,
    show,
    minutes: 45,
    fix: 'pip could not install requirements.txt; fix what it says and run the command again.',
  });
}

module.exports = { buildVenv, findPython };
