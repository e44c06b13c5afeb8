// The project's Python: finding it, and building .venv from it.

const { existsSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { at, isClone, sitePackages, venv } = require('./paths');
const { ask, run, SetupError } = require('./process');
const { givenFolders, givenPython } = require('./given-python');

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

/** Installs what a list in requirements/ names, in the versions of requirements.txt. */
async function install(lists, { log, show, unlisted = /^$/, options = [] }) {
  const wanted = lists
    .flatMap((list) => readFileSync(at('requirements', list), 'utf8').split('\n'))
    .filter((line) => line && !unlisted.test(line));
  // A fraction of it is ever imported: `compileImports` compiles that.
  const pip = ['-m', 'pip', 'install', '--no-compile', '--disable-pip-version-check', '--no-input'];
  const retries = ['--retries', '2', '--timeout', '30'];
  const versions = ['--constraint', at('requirements.txt')];
  await run(join(venv, 'bin/python'), [...pip, ...retries, ...versions, ...options, ...wanted], {
    what: 'pip install',
    log,
    show,
    minutes: 45,
    fix: 'pip could not install the packages of requirements.txt; fix what it says and run the command again.',
  });
}

/** Builds .venv with the frameworks, in place, since it can't be moved. */
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
  const given = isClone ? undefined : givenPython();
  const there = [given && 'torch', given?.tensorflow && 'tensorflow-cpu'].filter(Boolean);
  const unlisted = new RegExp(`^(${there.join('|')})==`);
  await install(['frameworks.in'], { log, show, unlisted });
  // Looked at last, so that what is installed here comes first.
  if (given) writeFileSync(givenPackages(), `${givenFolders().join('\n')}\n`);
}

/** The file through which .venv finds the packages that are used as they are. */
const givenPackages = () => join(sitePackages(), 'tandem-given.pth');

/** Installs Jupyter into .venv, and what the tests need into a clone's. */
async function installJupyter(show) {
  const log = at('build/setup-jupyter.log');
  rmSync(log, { force: true });
  const lists = ['jupyter.in', ...(isClone ? ['tests.in'] : [])];
  // A Jupyter of the given Python is not this environment's.
  const options = existsSync(givenPackages()) ? ['--ignore-installed'] : [];
  await install(lists, { log, show, options });
  await compileImports({ log, show });
}

/** What Tandem's programs import; Python imports the second part of torch with the first optimizer. */
const imported = ['torch', 'torch._dynamo', 'keras', 'nbconvert.nbconvertapp', 'jupyterlab.labapp'];

/**
 * Tandem's own processes write nothing beside sources, since those may be the user's, and so would compile these packages
 * at each start, which takes longer than all else. What can't be imported says so where it is used.
 */
async function compileImports({ log, show }) {
  const what = 'the import of the packages';
  const fix = 'see its log.';
  show('compiles what is imported');
  try {
    await run(join(venv, 'bin/python'), [join(__dirname, 'compile-imports.py'), ...imported], {
      ...{ what, log, minutes: 5, fix },
    });
  } catch (error) {
    if (error.stopped) throw error;
  }
}

module.exports = { buildVenv, findPython, imported, installJupyter };
