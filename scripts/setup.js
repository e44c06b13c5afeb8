// Set-up, which every command runs first: makes the parts that are missing or stale, each as soon as those that it
// needs are there.
// Plain JavaScript without dependencies, since it runs before anything is installed.

const { existsSync, mkdirSync } = require('node:fs');
const { withLock } = require('../src/files/lock');
const { at } = require('./setup/paths');
const { endOnSignals, SetupError, stopRunning } = require('./setup/process');
const { report } = require('./setup/progress');
const { steps } = require('./setup/steps');

const pendingSteps = () => steps.filter((step) => !step.state().ok);

/** Sets the project up. Returns at once if nothing is to be done; throws SetupError. */
async function ensure() {
  if (pendingSteps().length === 0) return;
  warnUntestedMachine();
  mkdirSync(at('build'), { recursive: true });
  const ignoreSignals = endOnSignals();
  try {
    await withLock(at('build/setup.lock'), work);
  } finally {
    ignoreSignals();
  }
}

/** Runs under the lock, and checks again: another command may have done the work meanwhile. */
async function work() {
  const started = Date.now();
  const todo = pendingSteps();
  // Fail now rather than after minutes of downloads.
  for (const step of todo) step.need?.();
  const made = new Map();
  for (const [index, step] of steps.entries()) {
    const title = `set-up ${index + 1}/${steps.length}  ${step.name}`;
    made.set(
      step.id,
      Promise.all(step.after.map((id) => made.get(id))).then(() => make(step, title)),
    );
  }
  try {
    await Promise.all(made.values());
  } catch (error) {
    stopRunning();
    await Promise.allSettled(made.values());
    throw error;
  }
  if (todo.length > 0) {
    console.error(`set-up done in ${Math.round((Date.now() - started) / 1000)} s\n`);
  }
}

async function make(step, title) {
  if (step.state().ok) return;
  await report(title, (show) => step.run(show));
  const state = step.state();
  if (!state.ok) throw new SetupError(`${step.name}: still ${state.problem} after set-up.`);
}

function warnUntestedMachine() {
  const machine = `${process.platform} ${process.arch}`;
  if (machine === 'linux x64' || existsSync(at('node_modules'))) return;
  console.error(`warning: Tandem is tested on linux x64; this is ${machine}.`);
}

module.exports = { ensure, steps };
