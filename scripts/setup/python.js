// Finds a Python that can make the virtual environment.
'use strict';
const { ask, SetupError } = require('./process');

const probe = 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])';
const supported = ['3.10', '3.11', '3.12', '3.13'];

/** The command of a Python 3.10 to 3.13 with venv; TANDEM_PYTHON goes before the PATH. */
function findPython() {
  const wish = process.env.TANDEM_PYTHON;
  const order = ['3.11', '3.12', '3.13', '3.10'].map((version) => `python${version}`);
  const candidates = wish ? [wish] : ['python3', ...order];
  const seen = [];
  for (const command of candidates) {
    const version = ask(command, ['-c', probe]);
    if (supported.includes(version)) return { command, version };
    if (version) seen.push(version);
  }
  const found = seen.length ? ` (found ${seen.join(', ')})` : '';
  throw new SetupError(
    wish
      ? `TANDEM_PYTHON=${wish} is not a Python 3.10 to 3.13 with venv${found}: point it at one.`
      : `no Python 3.10 to 3.13 with venv was found${found}: install one (Debian: python3 and python3-venv) or set TANDEM_PYTHON.`,
  );
}

module.exports = { findPython };
