// The project's Python, and the most important packages of .venv, checked against their pins.
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { givenFolders } = require('../setup/given-python');
const { at, isClone, sitePackages, venv } = require('../setup/paths');
const { findPython } = require('../setup/python');

/** The Python that .venv is made from, or would be. */
function pythonPart() {
  const name = 'Python';
  const config = join(venv, 'pyvenv.cfg');
  if (existsSync(join(venv, 'bin/python')) && existsSync(config)) {
    const version = /^version\s*=\s*(\S+)/m.exec(readFileSync(config, 'utf8'))?.[1] ?? '';
    return { name, version, state: 'ok', fix: '' };
  }
  try {
    return { name, version: findPython().version, state: 'ok', fix: '' };
  } catch (error) {
    return { name, version: '', state: 'missing', fix: error.message };
  }
}

const shown = ['torch', 'tensorflow-cpu', 'keras', 'jupyterlab', 'nbconvert', 'plotly'];

/** The version of a package in a folder of packages, by pip's record; undefined if it isn't there. */
function versionIn(folder, name) {
  const entries = folder && existsSync(folder) ? readdirSync(folder) : [];
  const start = `${name.replaceAll('-', '_')}-`;
  const entry = entries.find((one) => one.startsWith(start) && one.endsWith('.dist-info'));
  return entry?.slice(start.length, -'.dist-info'.length);
}

/** One part for each package; stale if its version is not the pinned one. */
function pinnedPackages(fix) {
  const requirements = readFileSync(at('requirements.txt'), 'utf8');
  return shown.map((name) => {
    const own = versionIn(sitePackages(), name);
    if (!own) {
      // Those of a person's own Python are used as they are.
      const names = [name, name.replace('-cpu', '')];
      const given = isClone ? [] : givenFolders();
      const [version] = given
        .flatMap((folder) => names.map((one) => versionIn(folder, one)))
        .filter(Boolean);
      if (version) return { name: `  ${name}`, version, state: 'ok', fix: '' };
      return { name: `  ${name}`, version: '', state: 'missing', fix };
    }
    // A package may have one pin for each of several Pythons.
    const pins = [...requirements.matchAll(new RegExp(`^${name}==([^\\s;]+)`, 'gm'))];
    // torch 2.13.0+cpu is a build of 2.13.0.
    const same = pins.some(([, pin]) => own === pin || own.startsWith(`${pin}+`));
    return { name: `  ${name}`, version: own, state: same ? 'ok' : 'stale', fix: same ? '' : fix };
  });
}

module.exports = { pinnedPackages, pythonPart };
