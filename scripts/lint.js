// `npm run lint`: format and lint, the directions of imports, forbidden words, notebooks, the workflow.
const { spawn } = require('node:child_process');
const { availableParallelism } = require('node:os');
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
  ['plain English', [at('scripts/words-check.js')]],
  [
    'notebooks without outputs (npm run notebooks:clean strips them)',
    [at('scripts/notebooks-clean.js'), '--check'],
  ],
  ["the workflow's commands", [at('scripts/workflow-check.js')]],
];

/** Runs checks, each [name, Node's arguments], one a core, and gives the names of those that failed. */
async function failures(checks) {
  const failed = [];
  const waiting = checks.values();
  const work = async () => {
    for (const [name, args] of waiting) if (!(await passes(args))) failed.push(name);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  for (const name of failed) console.error(`failed: ${name}`);
  return failed;
}

/** Shows what a check says once it has ended, so that it isn't mixed with what others say. */
function passes(args) {
  const env = { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) };
  const child = spawn(process.execPath, args, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(text));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(said));
      resolve(code === 0);
    });
  });
}

module.exports = { checks, failures };
if (require.main === module) {
  failures(checks).then((failed) => {
    process.exitCode = failed.length === 0 ? 0 : 1;
  });
}
