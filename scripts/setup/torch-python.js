// The Python whose PyTorch the addon is built against, and which parity compares with.

const { join } = require('node:path');
const { sitePackages, venv } = require('./paths');
const { ask } = require('./process');

const probe =
  'import importlib.util as u, os, sys; s = u.find_spec("torch"); print(sys.executable); print(os.path.dirname(s.origin))';

let found;

/** TANDEM_PYTHON if it has torch, else .venv's: `{ python, torch }`, torch being the package's folder. */
function torchPython() {
  const wish = process.env.TANDEM_PYTHON;
  found ??= (wish && ask(wish, ['-c', probe])?.split('\n')) || null;
  if (found) return { python: found[0], torch: found[1] };
  return { python: join(venv, 'bin/python'), torch: join(sitePackages() ?? venv, 'torch') };
}

module.exports = { torchPython };
