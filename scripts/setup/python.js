// The project's Python: finding it, and building .venv from it.

const { readFileSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { at, isClone, sitePackages, venv } = require('./paths');
const { ask, run, SetupError } = require('./process');
const { givenPython } = require('./torch-python');

const probe = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
const supported = ['3.10', '3.11', '3.12', '3.13'];

/**
 * The command and version of a Python 3.10 to 3.13 with venv; TANDEM_PYTHON comes before the PATH.
 * Each is tried by running it, since a version manager's shim may lead nowhere.
 */
function findPython() {
  const wish = process.env.TANDEM_PYTHON;
  const given = isClone ? undefined : givenPython()?.python;
  const order = ['3.13', '3.12', '3.11', '3.10'].map((version) => `python${version}`);
  const seen = [];
  for (const command of wish ? [wish] : [given ?? 'python3', ...order]) {
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
  const requirements = isClone ? at('requirements.txt') : at('build/requirements.txt');
  if (!isClone) writeFileSync(requirements, requirementsBesides(givenPython()));
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
  // Python compiles what it imports, which is a fraction of what is installed.
  const pip = ['-m', 'pip', 'install', '--no-compile', '--disable-pip-version-check', '--no-input'];
  const retries = ['--retries', '2', '--timeout', '30'];
  await run(python, [...pip, ...retries, '-r', requirements], {
    what: 'pip install',
    log,
    show,
    minutes: 45,
    fix: 'pip could not install requirements.txt; fix what it says and run the command again.',
  });
  if (!isClone && givenPython()) {
    // Looked at last, so that what is installed here comes first.
    writeFileSync(join(sitePackages(), 'tandem-torch.pth'), `${dirname(givenPython().torch)}\n`);
  }
}

/** requirements.txt, without PyTorch where the given Python has it. */
function requirementsBesides(given) {
  const text = readFileSync(at('requirements.txt'), 'utf8');
  return given ? text.replace(/^torch==.*\n/m, '') : text;
}

module.exports = { buildVenv, findPython };
