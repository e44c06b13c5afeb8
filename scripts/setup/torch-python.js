// The Python whose PyTorch the addon is built against, and which parity compares with.

const { join } = require('node:path');
const { torchVersion } = require('../../src/torch/generated/generate');
const { sitePackages, venv } = require('./paths');
const { ask, SetupError } = require('./process');

// Importing torch takes seconds, finding it doesn't.
const probe =
  'import importlib.util as u, os, sys; s = u.find_spec("torch"); print(sys.executable); print(os.path.dirname(s.origin))';

/** The interpreter and the torch folder of a Python that has torch; null for any other. */
function torchOf(command) {
  const [python, torch] = ask(command, ['-c', probe])?.split('\n') ?? [];
  const version = torchVersion(torch);
  if (!version) return null;
  const [major, minor] = version.split('.').map(Number);
  if (major === 2 && minor >= 11) return { python, torch };
  throw new SetupError(
    `TANDEM_PYTHON=${command} has torch ${version}: point it at a Python with torch 2.11 to 2.15, or unset it.`,
  );
}

let wished;

/** TANDEM_PYTHON if it has torch, else .venv's: `{ python, torch }`, torch being the package's folder. */
function torchPython() {
  const wish = process.env.TANDEM_PYTHON;
  if (wished === undefined) wished = wish ? torchOf(wish) : null;
  return (
    wished ?? { python: join(venv, 'bin/python'), torch: join(sitePackages() ?? venv, 'torch') }
  );
}

module.exports = { torchPython };
