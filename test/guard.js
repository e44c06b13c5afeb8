/** Refuses Python, Jupyter kernels and browsers to a process of Node, and to those that it starts. */
const processes = require('node:child_process');
const { basename } = require('node:path');

const programs = /^(python|jupyter|nbconvert|chrom|google-chrome)/;
const outside = (word) =>
  /\.venv\/bin\/|kernels\/tandem\/launch/.test(word) || programs.test(basename(word));

/** What one of Node's functions is asked to start, in words. */
const wordsOf = ([file, args]) =>
  file.split(/\s+/).concat(Array.isArray(args) ? args.flatMap((arg) => arg.split(/\s+/)) : []);

function refuse(words) {
  const found = process.env.TANDEM_TEST_INSIDE && words.find(outside);
  if (!found) return;
  throw new Error(
    `this test starts ${basename(found)}, but doesn't import test/outside.ts: see DEVELOPERS.md, "How it is tested"`,
  );
}

if (!processes.guarded) {
  Object.defineProperty(processes, 'guarded', { value: true });
  for (const name of ['spawnSync', 'execFileSync', 'execSync']) {
    const own = processes[name];
    processes[name] = (...call) => {
      refuse(wordsOf(call));
      return own(...call);
    };
  }
  // What all others come to.
  const { spawn } = processes.ChildProcess.prototype;
  processes.ChildProcess.prototype.spawn = function guardedSpawn(options) {
    refuse(wordsOf([options.file, options.args]));
    return spawn.call(this, options);
  };
}
