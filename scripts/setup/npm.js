// The npm packages of package-lock.json.

const { readFileSync, rmSync } = require('node:fs');
const { at } = require('./paths');
const { run } = require('./process');

const packagesIn = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/** Whether npm's own record of node_modules already agrees with package-lock.json. */
function isInstalled() {
  try {
    const installed = packagesIn(at('node_modules/.package-lock.json'));
    return Object.entries(packagesIn(at('package-lock.json'))).every(
      ([path, { version, optional }]) =>
        path === '' || (installed[path] ? installed[path].version === version : optional),
    );
  } catch {
    return false;
  }
}

/**
 * Installs what package-lock.json names, and nothing if `npm install` has just done it. No package
 * runs a script of its own: what must be compiled, set-up compiles.
 * @param known whether an earlier set-up had finished, so that npm's record can be trusted
 */
async function installPackages(show, known) {
  if (known && isInstalled()) return;
  const log = at('build/setup-npm.log');
  rmSync(log, { force: true });
  const patience = ['--fetch-retries=2', '--fetch-retry-mintimeout=2000', '--fetch-timeout=60000'];
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...patience], {
    what: 'npm ci',
    log,
    show,
    minutes: 15,
    mend: 'npm could not install package-lock.json; mend what it says and call the command again.',
  });
}

module.exports = { installPackages };
