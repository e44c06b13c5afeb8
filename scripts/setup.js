// Set-up, run first by every command: does what is missing or changed, in order, and nothing else.
// Plain JavaScript without dependencies, since it runs before anything is installed.

const { existsSync, mkdirSync } = require('node:fs');
const { withLock } = require('./setup/lock');
const { at } = require('./setup/paths');
const { endOnSignals, SetupError } = require('./setup/process');
const { report } = require('./setup/progress');
const { steps } = require('./setup/steps');

const unready = () => steps.filter((step) => !step.state().ok);

/** Brings the project into working order. Returns at once when it is; throws SetupError. */
async function ensure() {
  if (unready().length === 0) return;
  tellUntestedMachine();
  mkdirSync(at('build'), { recursive: true });
  const ignoreSignals = endOnSignals();
  try {
    await withLock(at('build/setup.lock'), work);
  } finally {
    ignoreSignals();
  }
}

/** Runs under the lock, so that it looks again: another command may have done the work meanwhile. */
async function work() {
  const started = Date.now();
  const todo = unready();
  // What can't work fails now, not after minutes of downloads.
  for (const step of todo) step.need?.();
  for (const [index, step] of steps.entries()) {
    if (step.state().ok) continue;
    await report(`set-up ${index + 1}/${steps.length}  ${step.name}`, (show) => step.run(show));
    const state = step.state();
    if (!state.ok) throw new SetupError(`${step.name}: still ${state.problem} after set-up.`);
  }
  if (todo.length > 0) {
    console.error(`set-up done in ${Math.round((Date.now() - started) / 1000)} s\n`);
  }
}

function tellUntestedMachine() {
  const machine = `${process.platform} ${process.arch}`;
  if (machine === 'linux x64' || existsSync(at('node_modules'))) return;
  console.error(`warning: Tandem is tested on linux x64; this is ${machine}.`);
}

module.exports = { ensure, steps };
