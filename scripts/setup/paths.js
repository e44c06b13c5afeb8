const { readdirSync, existsSync } = require('node:fs');
const { resolve, join } = require('node:path');
const { isClone } = require('../../src/command/invocation');

const root = resolve(__dirname, '../..');
const at = (...parts) => join(root, ...parts);
const venv = at('.venv');

/** The site-packages folder of .venv, or null. */
function sitePackages() {
  const lib = join(venv, 'lib');
  const python = existsSync(lib) && readdirSync(lib).find((name) => /^python3\.\d+$/.test(name));
  return python ? join(lib, python, 'site-packages') : null;
}

module.exports = { root, at, venv, sitePackages, isClone };
