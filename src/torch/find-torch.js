// The PyTorch that is there. Plain JavaScript without dependencies: installation and set-up run it
// before anything else is installed.

const { spawnSync } = require('node:child_process');
const { join } = require('node:path');
const { torchVersion } = require('./generated/generate');

/** Pythons in the order in which they are asked: the one that is named, an active environment's, the PATH's. */
function pythons() {
  const { TANDEM_PYTHON, VIRTUAL_ENV, CONDA_PREFIX } = process.env;
  if (TANDEM_PYTHON) return [TANDEM_PYTHON];
  const environments = [VIRTUAL_ENV, CONDA_PREFIX].filter(Boolean);
  return [...environments.map((folder) => join(folder, 'bin/python')), 'python3', 'python'];
}

// Importing torch takes seconds, finding it doesn't.
const probe = `
import importlib.util, os, sys
spec = importlib.util.find_spec("torch")
print(sys.executable)
print(os.path.dirname(spec.origin))
`;

/** The interpreter, torch folder and version of a Python that has torch; undefined for any other. */
function torchOf(command) {
  const options = { encoding: 'utf8', timeout: 20_000 };
  const { status, stdout } = spawnSync(command, ['-c', probe], options);
  const [python, torch] = status === 0 ? stdout.trim().split('\n') : [];
  const version = torchVersion(torch);
  if (!version) return undefined;
  const [major, minor] = version.split('.').map(Number);
  return { python, torch, version, supported: major === 2 && minor >= 11 };
}

module.exports = { pythons, torchOf };
