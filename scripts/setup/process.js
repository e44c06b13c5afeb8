// Child processes of the set-up: with a time bound, a log, and an error of one line.
'use strict';
const { spawn, spawnSync } = require('node:child_process');
const { createWriteStream, mkdirSync } = require('node:fs');
const { dirname, relative } = require('node:path');
const { root } = require('./paths');

/** A set-up that can't go on; the message says what to do. Exit code 2. */
class SetupError extends Error {
  exitCode = 2;
}

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running) kill(child, 'SIGTERM');
    if (running.size > 0) console.error('\nset-up interrupted; the next call goes on from here.');
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

/** Ends a child with everything that it started: it leads a process group of its own. */
function kill(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/**
 * Runs a command. Its output goes to `log`, its latest line to `show`. Rejects with SetupError when
 * it fails or exceeds `minutes`.
 */
function run(command, args, { log, show = () => {}, minutes, cwd = root, env = {}, mend }) {
  mkdirSync(dirname(log), { recursive: true });
  const stream = createWriteStream(log);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    let tail = '';
    const read = (chunk) => {
      stream.write(chunk);
      tail = (tail + chunk).slice(-4000);
      const line = tail.split(/[\r\n]+/).filter((text) => text.trim()).pop();
      if (line) show(line.trim());
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      kill(child, 'SIGKILL');
    }, minutes * 60_000);
    const fail = (what) => {
      const lines = tail.split(/[\r\n]+/).filter((text) => text.trim()).slice(-5);
      const detail = lines.length ? `\n${lines.map((line) => `    ${line}`).join('\n')}` : '';
      reject(new SetupError(`${what}: ${mend} (whole log: ${relative(root, log)})${detail}`));
    };
    child.on('error', (error) => {
      running.delete(child);
      clearTimeout(timer);
      fail(error.code === 'ENOENT' ? `${command} was not found` : error.message);
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      clearTimeout(timer);
      stream.end();
      if (code === 0) resolve();
      else if (late) fail(`no end after ${minutes} minutes`);
      else fail(signal ? `ended by ${signal}` : `failed with exit code ${code}`);
    });
  });
}

/** The standard output of a short command; null if it can't be run or fails. */
function ask(command, args, seconds = 20) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', timeout: seconds * 1000 });
  return status === 0 ? stdout.trim() : null;
}

module.exports = { SetupError, run, ask };
