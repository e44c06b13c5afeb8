// The Python whose PyTorch, and TensorFlow, are used as they are, if there is one.

const { existsSync, readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { pythons, torchOf } = require('../../src/torch/find-torch');
const { at, isClone, sitePackages, venv } = require('./paths');
const { ask, SetupError } = require('./process');

/** The TensorFlow whose headers and libraries tfjs-node is built with. */
const release = '2.21';

// Importing TensorFlow takes seconds, finding it doesn't.
const probe = `
import importlib.metadata, importlib.util, os
print(os.path.dirname(importlib.util.find_spec("tensorflow").origin))
names = ["tensorflow", "tensorflow_cpu", "tensorflow-cpu"]
print(next(d.version for d in importlib.metadata.distributions() if d.name in names))
`;

/** The folder and version of a Python's TensorFlow; undefined where it has none that we can use. */
function tensorflowOf(python) {
  const [folder, version] = ask(python, ['-c', probe])?.split('\n') ?? [];
  const isUsable =
    version?.startsWith(`${release}.`) && existsSync(join(folder, 'libtensorflow_cc.so.2'));
  return isUsable ? { folder, version } : undefined;
}

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

/**
 * `{ python, torch, version, tensorflow }`: a Python that has torch already, the folder of its torch, and in a person's
 * project its TensorFlow, if it has one; null where there is none.
 */
function givenPython() {
  if (given === undefined) {
    const found = find();
    given = found
      ? { ...found, tensorflow: isClone ? undefined : tensorflowOf(found.python) }
      : null;
  }
  return given;
}

/** The version that requirements.txt has of a package. */
const pinned = (name) =>
  new RegExp(`^${name}==(\\S+)`, 'm').exec(readFileSync(at('requirements.txt'), 'utf8'))[1];

/** The given Python, the folder and the version of its torch; else what .venv has, or will have. */
function torchPython() {
  const { python, torch, version } = givenPython() ?? {
    python: join(venv, 'bin/python'),
    torch: join(sitePackages() ?? venv, 'torch'),
    version: pinned('torch'),
  };
  return { python, torch, version };
}

/** The folder and version of the given Python's TensorFlow, else of the one that is installed into .venv. */
function usedTensorflow() {
  const folder = join(sitePackages() ?? venv, 'tensorflow');
  return givenPython()?.tensorflow ?? { folder, version: pinned('tensorflow-cpu') };
}

/** The folders of the given Python in which packages lie that are used as they are. */
function givenFolders() {
  const { torch, tensorflow } = givenPython() ?? {};
  return [...new Set([torch, tensorflow?.folder].filter(Boolean).map((path) => dirname(path)))];
}

/** What is used as it is, in one line; undefined if nothing is. */
function givenText() {
  if (isClone || !givenPython()) return undefined;
  const { python, version, tensorflow } = givenPython();
  return tensorflow
    ? `PyTorch ${version} and TensorFlow ${tensorflow.version} of ${python} are used as they are.`
    : `PyTorch ${version} of ${python} is used as it is; it has no TensorFlow ${release}, which is installed beside it.`;
}

module.exports = { givenFolders, givenPython, givenText, torchPython, usedTensorflow };
