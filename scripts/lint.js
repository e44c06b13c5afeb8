// `npm run lint`: format and lint, the directions of imports, forbidden words, notebooks, the workflow.
const { spawnSync } = require('node:child_process');
const { at, root } = require('./setup/paths');

const checks = [
  [
    'format and lint (npm run format fixes most)',
    [at('node_modules/@biomejs/biome/bin/biome'), 'check', '.'],
  ],
  [
    'directions of imports (.dependency-cruiser.js)',
    [at('node_modules/dependency-cruiser/bin/dependency-cruise.mjs'), 'src', 'kernels'],
  ],
  [
    'plain English (cspell.config.js)',
    [
      at('node_modules/cspell/bin.mjs'),
      ...['lint', '--no-progress', '--no-must-find-files', '--dot'],
      ...['--cache', '--cache-strategy', 'content', '--cache-location', at('build/cspell.json')],
      '.',
    ],
  ],
  [
    'notebooks without outputs (npm run notebooks:clean strips them)',
    [at('scripts/notebooks-clean.js'), '--check'],
  ],
  ["the workflow's commands", [at('scripts/workflow-check.js')]],
];

/** Runs checks, each [name, Node's arguments], and returns the names of those that failed. */
function failures(checks) {
  const run = (args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status;
  const failed = checks.filter(([, args]) => run(args) !== 0).map(([name]) => name);
  for (const name of failed) console.error(`failed: ${name}`);
  return failed;
}

module.exports = { checks, failures };
if (require.main === module) process.exitCode = failures(checks).length === 0 ? 0 : 1;
