// One set-up at a time: a second one waits for the first.
'use strict';
const { openSync, writeSync, closeSync, readFileSync, unlinkSync } = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');

/** Whether the process that holds a lock has ended. */
function isStale(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    if (!pid) return true;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code !== 'EPERM';
  }
}

function take(path) {
  try {
    const file = openSync(path, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

/** Runs `work` while holding the lock file at `path`. */
async function withLock(path, work) {
  let told = false;
  while (!take(path)) {
    if (isStale(path)) {
      unlinkSync(path);
      continue;
    }
    if (!told) console.error('another command is setting up this folder; waiting for it …');
    told = true;
    await sleep(500);
  }
  const release = () => {
    try {
      unlinkSync(path);
    } catch {
      // Released already.
    }
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.removeListener('exit', release);
  }
}

module.exports = { withLock };
