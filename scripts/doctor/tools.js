// What the machine brings: the compiler, the browser, the disk.
const { statfsSync } = require('node:fs');
const { findChromium } = require('../setup/chromium');
const { compilerProblem, compilerVersion } = require('../setup/compiler');
const { root } = require('../setup/paths');
const { ask } = require('../setup/process');

/** Optional once everything is built. */
function compilerPart(isNeeded) {
  const name = 'C++ compiler';
  const problem = compilerProblem();
  const version = compilerVersion() ?? '';
  return problem
    ? { name, version, state: 'missing', mend: problem, optional: !isNeeded }
    : { name, version, state: 'ok', mend: '' };
}

function chromiumPart() {
  const name = 'Chromium (browser tests)';
  const path = findChromium();
  const mend =
    'npm test as root installs it; else apt-get install chromium, or set TANDEM_CHROMIUM';
  if (!path) return { name, version: '', state: 'missing', mend, optional: true };
  const version = /[\d.]+/.exec(ask(path, ['--version']) ?? '')?.[0];
  return version
    ? { name, version, state: 'ok', mend: '' }
    : {
        name,
        version: '',
        state: 'broken',
        mend: `${path} does not start: ${mend}`,
        optional: true,
      };
}

/** A whole set-up takes about 4 GB; runs and reports little. */
function diskPart(isSetUpNeeded) {
  const { bavail, bsize } = statfsSync(root);
  const [free, need] = [(bavail * bsize) / 1e9, isSetUpNeeded ? 5 : 0.5];
  const part = { name: 'Disk', version: `${free.toFixed(1)} GB free` };
  return free >= need
    ? { ...part, state: 'ok', mend: '' }
    : { ...part, state: 'missing', mend: `free some space: ${need} GB are needed` };
}

module.exports = { chromiumPart, compilerPart, diskPart };
