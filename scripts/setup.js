// Set-up, which every command runs first: makes the parts that are missing or stale, each as soon as those that it
// needs are there.
// Plain JavaScript without dependencies, since it runs before anything is installed.

const { existsSync, mkdirSync } = require('node:fs');
const { withLock } = require('../src/files/lock');
const { at } = require('./setup/paths');
const { endOnSignals, SetupError, stopRunning } = require('./setup/process');
const { report } = require('./setup/progress');
const { steps } = require('./setup/steps');

/** The steps of these ids and those that they wait for, in their order; also on an old Node, which its step reports. */
function withNeeds(ids) {
  const needed = new Set(['node', ...ids]);
  for (const step of [...steps].reverse()) {
    if (needed.has(step.id)) for (const id of step.after) needed.add(id);
  }
  return steps.filter(({ id }) => needed.has(id));
}

const pending = (chosen) => chosen.filter((step) => !step.state().ok);

/**
 * Sets the project up, or those parts of it that `ids` name. Returns at once if nothing is to be done; throws
 * SetupError.
 */
async function ensure(ids = steps.map(({ id }) => id)) {
  const chosen = withNeeds(ids);
  if (pending(chosen).length === 0) return;
  warnUntestedMachine();
  mkdirSync(at('build'), { recursive: true });
  const ignoreSignals = endOnSignals();
  try {
    await withLock(at('build/setup.lock'), () => work(chosen));
  } finally {
    ignoreSignals();
  }
}

/** Runs under the lock, and checks again: another command may have done the work meanwhile. */
async function work(chosen) {
  const started = Date.now();
  const todo = pending(chosen);
  // Fail now rather than after minutes of downloads.
  for (const step of todo) step.need?.();
  for (const note of todo.map((step) => step.note?.())) if (note) console.error(note);
  const made = new Map();
  for (const [index, step] of chosen.entries()) {
    const title = `set-up ${index + 1}/${chosen.length}  ${step.name}`;
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

module.exports = { ensure, steps, withNeeds };
