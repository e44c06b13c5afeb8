// `npm test`: the types of the tests, the checks of `npm run lint`, then jest. `--quick` leaves out the tests that
// start Python, a kernel or a browser. Other arguments go to jest.
const { spawnSync } = require('node:child_process');
const { checks, failures } = require('./lint');
const { findChromium } = require('../src/report/pages/chromium');
const { ensureChromium } = require('./setup/chromium');
const { command } = require('./setup/command');
const { at, root } = require('./setup/paths');

const jest = at('node_modules/jest/bin/jest.js');
const types = ['types of the tests', [at('node_modules/typescript/bin/tsc'), '-p', 'test']];

async function main(all) {
  const argv = all.filter((arg) => arg !== '--quick');
  const quick = argv.length < all.length;
  const found = findChromium();
  const browser = !quick && hasBrowserTests(argv);
  const TANDEM_CHROMIUM = found ?? (browser ? await ensureChromium() : '');
  // Several processes share the cores: OpenMP's threads would take them from each other by spinning.
  const env = { OMP_WAIT_POLICY: 'PASSIVE', ...process.env, TANDEM_CHROMIUM };
  if (quick) env.TANDEM_TEST_QUICK = '1';
  const failed = await failures([types, ...checks]);
  const { status } = spawnSync(process.execPath, [jest, ...argv], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  for (const name of failed) console.error(`failed: ${name}`);
  return status === 0 && failed.length === 0 ? 0 : 1;
}

/** Whether jest would run a test that needs a browser. */
function hasBrowserTests(argv) {
  const options = { cwd: root, encoding: 'utf8' };
  const { stdout } = spawnSync(process.execPath, [jest, '--listTests', ...argv], options);
  return stdout.includes('/test/browser/');
}

command({
  name: 'test',
  usage: '[--quick] [arguments of jest]',
  about: `
Runs all checks and tests. --quick leaves out the tests that start Python, a kernel or a browser.`,
  main,
});
