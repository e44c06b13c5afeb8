// The Python whose PyTorch is used as it is, if there is one.

const { join } = require('node:path');
const { pythons, torchOf } = require('../../src/torch/find-torch');
const { isClone, sitePackages, venv } = require('./paths');
const { SetupError } = require('./process');

/** The named Python's torch; in a person's project also that of an active environment or of python3. */
function find() {
  const { TANDEM_PYTHON } = process.env;
  if (TANDEM_PYTHON) {
    const found = torchOf(TANDEM_PYTHON);
    if (!found || found.supported) return found;
    throw new SetupError(
      `TANDEM_PYTHON=${TANDEM_PYTHON} has torch ${found.version}: point it at a Python with torch 2.11 to 2.15, or unset it.`,
    );
  }
  if (isClone) return undefined;
  return pythons()
    .map(torchOf)
    .find((found) => found?.supported);
}

let given;

/** `{ python, torch }`: a Python that has torch already, and the folder of its torch; null where there is none. */
function givenPython() {
  if (given === undefined) given = find() ?? null;
  return given;
}

/** The given Python, else .venv's. */
function torchPython() {
  const { python, torch } = givenPython() ?? {
    python: join(venv, 'bin/python'),
    torch: join(sitePackages() ?? venv, 'torch'),
  };
  return { python, torch };
}

module.exports = { givenPython, torchPython };
