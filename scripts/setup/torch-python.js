// The Python whose PyTorch is used as it is, if there is one.

const { join } = require('node:path');
const { torchVersion } = require('../../src/torch/generated/generate');
const { isClone, sitePackages, venv } = require('./paths');
const { ask, SetupError } = require('./process');

// Importing torch takes seconds, finding it doesn't.
const probe = `
import importlib.util, os, sys
spec = importlib.util.find_spec("torch")
print(sys.executable)
print(os.path.dirname(spec.origin))
`;

/** The interpreter, torch folder and version of a Python that has torch; undefined for any other. */
function torchOf(command) {
  const [python, torch] = ask(command, ['-c', probe])?.split('\n') ?? [];
  const version = torchVersion(torch);
  if (!version) return undefined;
  const [major, minor] = version.split('.').map(Number);
  return { python, torch, version, supported: major === 2 && minor >= 11 };
}

/** The named Python's torch; in a person's project also that of an active environment or of python3. */
function find() {
  const { TANDEM_PYTHON, VIRTUAL_ENV, CONDA_PREFIX } = process.env;
  if (TANDEM_PYTHON) {
    const found = torchOf(TANDEM_PYTHON);
    if (!found || found.supported) return found;
    throw new SetupError(
      `TANDEM_PYTHON=${TANDEM_PYTHON} has torch ${found.version}: point it at a Python with torch 2.11 to 2.15, or unset it.`,
    );
  }
  if (isClone) return undefined;
  const environments = [VIRTUAL_ENV, CONDA_PREFIX].filter(Boolean);
  const commands = [...environments.map((folder) => join(folder, 'bin/python')), 'python3'];
  return commands.map(torchOf).find((found) => found?.supported);
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
