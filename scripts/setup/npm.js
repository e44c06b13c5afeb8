// The npm packages of package-lock.json.

const { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync } = require('node:fs');
const { homedir } = require('node:os');
const { dirname, join } = require('node:path');
const { at, isClone } = require('./paths');
const { run } = require('./process');

const packagesIn = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/** Whether npm's own record of node_modules already agrees with package-lock.json. */
function isInstalled() {
  try {
    const installed = packagesIn(at('node_modules/.package-lock.json'));
    return Object.entries(packagesIn(at('package-lock.json'))).every(
      ([path, { version, optional, link, dev }]) =>
        path === '' ||
        (link && existsSync(at(path))) ||
        (installed[path] ? installed[path].version === version : optional || (dev && !isClone)),
    );
  } catch {
    return false;
  }
}

/**
 * npm's own cache if it can be written, else a folder in the project: for a HOME that is read-only,
 * missing or someone else's, npm's only message is "root-owned files".
 */
function cacheOption() {
  const cache = process.env.npm_config_cache ?? join(homedir(), '.npm');
  try {
    const content = join(cache, '_cacache/tmp');
    mkdirSync(content, { recursive: true });
    for (const folder of [cache, dirname(content), content]) accessSync(folder, constants.W_OK);
    return [];
  } catch {
    return [`--cache=${at('build/npm-cache')}`];
  }
}

/**
 * Installs the packages of package-lock.json, unless `npm install` has just done so. No package
 * runs a script of its own: what must be compiled, set-up compiles.
 * @param known whether an earlier set-up had finished, so that npm's record can be trusted
 */
async function installPackages(show, known) {
  if (known && isInstalled()) return;
  const log = at('build/setup-npm.log');
  rmSync(log, { force: true });
  const retries = ['--fetch-retries=2', '--fetch-retry-mintimeout=2000', '--fetch-timeout=60000'];
  const omitted = isClone ? [] : ['--omit=dev'];
  const options = [
    ...omitted,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    ...retries,
    ...cacheOption(),
  ];
  await run('npm', ['ci', ...options], {
    what: 'npm ci',
    log,
    show,
    minutes: 15,
    fix: 'npm could not install package-lock.json; fix what it says and run the command again.',
  });
}

module.exports = { installPackages };
