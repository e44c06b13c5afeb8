// The project's Python, and the most important packages of .venv, checked against their pins.
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { at, sitePackages, venv } = require('../setup/paths');
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

/** One part for each package, read from pip's records; stale if its version is not the pinned one. */
function pinnedPackages(fix) {
  const requirements = readFileSync(at('requirements.txt'), 'utf8');
  const folder = sitePackages();
  const entries = folder && existsSync(folder) ? readdirSync(folder) : [];
  return shown.map((name) => {
    const start = `${name.replaceAll('-', '_')}-`;
    const entry = entries.find((one) => one.startsWith(start) && one.endsWith('.dist-info'));
    const version = entry?.slice(start.length, -'.dist-info'.length) ?? '';
    // A package may have one pin for each of several Pythons.
    const pins = [...requirements.matchAll(new RegExp(`^${name}==([^\\s;]+)`, 'gm'))];
    // torch 2.13.0+cpu is a build of 2.13.0.
    const same = pins.some(([, pin]) => version === pin || version.startsWith(`${pin}+`));
    const state = !version ? 'missing' : same ? 'ok' : 'stale';
    return { name: `  ${name}`, version, state, fix: state === 'ok' ? '' : fix };
  });
}

module.exports = { pinnedPackages, pythonPart };
