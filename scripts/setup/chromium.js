// The browser for the browser tests, installed if need be.
const { findChromium } = require('../../src/report/pages/chromium');
const { at } = require('./paths');
const { ask, run, SetupError } = require('./process');
const { report } = require('./progress');

/** The path of Chromium, which is installed with apt if possible. */
async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  const missing = 'the browser tests need Chromium, which was not found:';
  if (process.env.TANDEM_CHROMIUM) {
    throw new SetupError(
      `${missing} TANDEM_CHROMIUM=${process.env.TANDEM_CHROMIUM} is not a file.`,
    );
  }
  const fix = 'install it (Debian: apt-get install chromium), or set TANDEM_CHROMIUM to one.';
  const hasApt = process.getuid?.() === 0 && ask('apt-get', ['--version']) !== null;
  if (!hasApt) throw new SetupError(`${missing} ${fix}`);
  const apt = 'export DEBIAN_FRONTEND=noninteractive; apt-get install -y --no-install-recommends';
  await report('set-up  Chromium for the browser tests', (show) =>
    run('sh', ['-c', `${apt} chromium || { apt-get update && ${apt.split('; ')[1]} chromium; }`], {
      what: 'apt-get install chromium',
      log: at('build/setup-chromium.log'),
      show,
      minutes: 15,
      fix,
    }),
  );
  const installed = findChromium();
  if (!installed) throw new SetupError(`${missing} ${fix}`);
  return installed;
}

module.exports = { ensureChromium };
