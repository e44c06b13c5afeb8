// The machine's Chromium, or the one that TANDEM_CHROMIUM names. Plain JavaScript, since set-up needs it before anything
// is built.
const { existsSync } = require('node:fs');
const { delimiter, join } = require('node:path');

/** The path of an installed Chromium, or null. */
function findChromium() {
  const wish = process.env.TANDEM_CHROMIUM;
  if (wish) return existsSync(wish) ? wish : null;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find((path) => existsSync(path)) ?? null;
}

module.exports = { findChromium };
