// Set-up, run first by every command: does what is missing or changed, in order, and nothing else.
// Plain JavaScript without dependencies, since it runs before anything is installed.
'use strict';
const { mkdirSync } = require('node:fs');
const { withLock } = require('./setup/lock');
const { root } = require('./setup/paths');
const { SetupError } = require('./setup/process');
const { report } = require('./setup/progress');
const { steps } = require('./setup/steps');

/** Brings the project into working order. Returns at once when it is; throws SetupError. */
async function ensure() {
  const missing = () => steps.filter((step) => !step.state().ok);
  if (missing().length === 0) return;
  mkdirSync(`${root}/build`, { recursive: true });
  await withLock(`${root}/build/setup.lock`, async () => {
    const started = Date.now();
    for (const [index, step] of steps.entries()) {
      if (step.state().ok) continue;
      await report(`set-up ${index + 1}/${steps.length}  ${step.name}`, (show) => step.run(show));
      const state = step.state();
      if (!state.ok) throw new SetupError(`${step.name}: still ${state.problem} after set-up.`);
    }
    console.error(`set-up done in ${Math.round((Date.now() - started) / 1000)} s\n`);
  });
}

module.exports = { ensure };
