// Child processes of the set-up: with a time limit, a log, and one-line errors.

const { spawn, spawnSync } = require('node:child_process');
const { closeSync, mkdirSync, openSync, writeSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const { fixFor } = require('./causes');
const { root } = require('./paths');

/** A failed set-up; the message says what to do. Exit code 2. */
class SetupError extends Error {
  exitCode = 2;
}

const running = new Set();

/** The children that were ended because something else had failed. */
const stopped = new WeakSet();

/** Ends what still runs. */
function stopRunning() {
  for (const child of running) {
    stopped.add(child);
    kill(child, 'SIGTERM');
  }
}

/** Ends a child and everything that it started: it leads a process group of its own. */
function kill(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** Makes Ctrl-C end the children and then this process. Returns a function that undoes it. */
function endOnSignals() {
  const codes = { SIGINT: 130, SIGTERM: 143 };
  const end = (signal) => {
    process.exitCode = codes[signal];
    const leave = () => {
      console.error('\nset-up interrupted; the next call continues from here.');
      process.exit();
    };
    for (const child of running) {
      kill(child, 'SIGTERM');
      setTimeout(() => kill(child, 'SIGKILL'), 2000);
      child.once('close', () => running.size === 0 && leave());
    }
    if (running.size === 0) leave();
  };
  for (const signal of Object.keys(codes)) process.once(signal, end);
  return () => {
    for (const signal of Object.keys(codes)) process.removeListener(signal, end);
  };
}

const isInterrupted = () => process.exitCode === 130 || process.exitCode === 143;

/** The informative lines of a child's output; URLs stay in the log. */
const linesOf = (text) =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove.
    .replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '')
    .replace(/\b\w+:\/\/\S+|(?<=host=)'[^']*'/g, '…')
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(Boolean);

/** The lines that say why a child failed: the first that mention an error, else the last ones. */
function reasons(output) {
  const lines = linesOf(output);
  const errors = lines.filter((line) => /\berror\b./i.test(line));
  return (errors.length > 0 ? errors.slice(0, 5) : lines.slice(-5)).map((line) => `\n    ${line}`);
}

/**
 * Runs a command in the project's root. Its output goes to `log`, its latest line to `show`. Rejects
 * with SetupError if it fails or exceeds `minutes`: `what` failed, and what to do, which is `fix`
 * unless the output shows a known cause.
 */
function run(command, args, { what, log, show = () => {}, minutes, fix }) {
  mkdirSync(dirname(log), { recursive: true });
  const file = openSync(log, 'a');
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [join(__dirname, 'end-with-parent.js'), command, ...args],
      {
        cwd: root,
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
      },
    );
    running.add(child);
    let output = '';
    const read = (chunk) => {
      writeSync(file, chunk);
      output = (output + chunk).slice(-1_000_000);
      show(linesOf(output.slice(-1000)).at(-1) ?? '');
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      kill(child, 'SIGKILL');
    }, minutes * 60_000);
    child.once('close', (code, signal) => {
      running.delete(child);
      clearTimeout(timer);
      closeSync(file);
      if (isInterrupted()) return;
      if (code === 0) return resolve();
      const how = signal ? `was killed by ${signal}` : `failed with exit code ${code}`;
      const end = late ? `did not end within ${minutes} minutes` : how;
      const where = `(whole log: ${relative(root, log)})${reasons(output).join('')}`;
      const error = new SetupError(`${what} ${end}: ${fixFor(output) ?? fix} ${where}`);
      reject(Object.assign(error, { stopped: stopped.has(child) }));
    });
  });
}

/** The standard output of a short command; null if it can't run or fails. */
function ask(command, args, { input = '', seconds = 20 } = {}) {
  const options = { encoding: 'utf8', input, timeout: seconds * 1000 };
  const { status, stdout } = spawnSync(command, args, options);
  return status === 0 ? stdout.trim() : null;
}

module.exports = { SetupError, ask, endOnSignals, run, stopRunning };
