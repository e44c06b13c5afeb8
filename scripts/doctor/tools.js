// The machine's own parts: the compiler, the browser, the disk.
const { statfsSync } = require('node:fs');
const { findChromium } = require('../../src/report/pages/chromium');
const { compilerProblem, compilerVersion } = require('../setup/compiler');
const { root } = require('../setup/paths');
const { ask } = require('../setup/process');

/** Optional once everything is built. */
function compilerPart(isNeeded) {
  const name = 'C++ compiler';
  const problem = compilerProblem();
  const version = compilerVersion() ?? '';
  return problem
    ? { name, version, state: 'missing', fix: problem, optional: !isNeeded }
    : { name, version, state: 'ok', fix: '' };
}

function chromiumPart() {
  const name = 'Chromium (browser tests)';
  const path = findChromium();
  const fix = 'npm test as root installs it; else apt-get install chromium, or set TANDEM_CHROMIUM';
  if (!path) return { name, version: '', state: 'missing', fix, optional: true };
  const version = /[\d.]+/.exec(ask(path, ['--version']) ?? '')?.[0];
  return version
    ? { name, version, state: 'ok', fix: '' }
    : {
        name,
        version: '',
        state: 'broken',
        fix: `${path} does not start: ${fix}`,
        optional: true,
      };
}

/** A complete set-up takes about 4 GB; runs and reports need little more. */
function diskPart(isSetUpNeeded) {
  const { bavail, bsize } = statfsSync(root);
  const [free, need] = [(bavail * bsize) / 1e9, isSetUpNeeded ? 5 : 0.5];
  const part = { name: 'Disk', version: `${free.toFixed(1)} GB free` };
  return free >= need
    ? { ...part, state: 'ok', fix: '' }
    : { ...part, state: 'missing', fix: `free some space: ${need} GB are needed` };
}

module.exports = { chromiumPart, compilerPart, diskPart };
