// npm's install step of this package: builds the addon against the PyTorch of the Python that is there.
// Plain JavaScript without dependencies, since nothing else is installed yet.

const { spawnSync } = require('node:child_process');
const { existsSync, realpathSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');
const { generate } = require('./generated/generate');

/** Pythons in the order in which they are asked: the one that is named, an active environment's, the PATH's. */
function pythons() {
  const { TANDEM_PYTHON, VIRTUAL_ENV, CONDA_PREFIX } = process.env;
  if (TANDEM_PYTHON) return [TANDEM_PYTHON];
  const environments = [VIRTUAL_ENV, CONDA_PREFIX].filter(Boolean);
  return [...environments.map((folder) => join(folder, 'bin/python')), 'python3', 'python'];
}

// Importing PyTorch takes seconds, finding it doesn't.
const probe = `
import importlib.util, json, os, re
spec = importlib.util.find_spec('torch')
if spec is not None and spec.submodule_search_locations:
    folder = list(spec.submodule_search_locations)[0]
    text = open(os.path.join(folder, 'version.py')).read()
    print(json.dumps([folder, re.search(r"__version__ = '([^']+)'", text).group(1)]))
`;

/** The folder and version of a Python's PyTorch, if it has one. */
function torchOf(python) {
  const { status, stdout } = spawnSync(python, ['-c', probe], { encoding: 'utf8' });
  if (status !== 0 || !stdout.trim()) return undefined;
  const [folder, version] = JSON.parse(stdout);
  return { python, folder, version };
}

/** Node's own headers, if its installation has them; otherwise node-gyp fetches them. */
function headers() {
  const prefix = resolve(dirname(realpathSync(process.execPath)), '..');
  return existsSync(join(prefix, 'include/node/node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

function fail(message) {
  console.error(`tandem-torch: ${message}`);
  process.exit(1);
}

function main() {
  // In Tandem's own project set-up does this.
  if (existsSync(join(__dirname, '../../scripts/setup.js'))) return;
  const asked = pythons();
  let found;
  for (const python of asked) {
    found = torchOf(python);
    if (found) break;
  }
  if (!found) {
    fail(
      `no PyTorch was found (asked: ${asked.join(', ')}). Install it (pip install torch), or set TANDEM_PYTHON to a Python that has it, and run this again.`,
    );
  }
  const [major, minor] = found.version.split('.').map(Number);
  if (major !== 2 || minor < 11) {
    fail(
      `PyTorch ${found.version} of ${found.python} is not supported: install PyTorch 2.11 or newer, or set TANDEM_PYTHON to a Python that has it.`,
    );
  }
  if (spawnSync('g++', ['--version']).status !== 0) {
    fail('g++ was not found: install it (Debian: apt-get install g++ make) and run this again.');
  }
  console.log(`tandem-torch: building for PyTorch ${found.version} of ${found.python}`);
  generate({ python: found.python, torch: found.folder, to: join(__dirname, 'dist/generated') });
  const gyp = process.env.npm_config_node_gyp;
  const [command, first] = gyp ? [process.execPath, [gyp]] : ['node-gyp', []];
  const { status, error } = spawnSync(
    command,
    [
      ...first,
      'rebuild',
      '--jobs=max',
      `--directory=${join(__dirname, 'native')}`,
      `--torch_dir=${found.folder}`,
      ...headers(),
    ],
    { stdio: 'inherit' },
  );
  if (error || status !== 0) fail('the addon could not be built; the first error above says why.');
}

main();
