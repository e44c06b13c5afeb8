// One process at a time: a second one waits for the first. Plain JavaScript, since set-up needs it before anything is
// built.

const { linkSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');

const settingUp = 'another command is setting up this folder; waiting for it …';

/** Runs `work` while holding the lock file at `path`; prints `wait` once if another process holds it. */
async function withLock(path, work, wait = settingUp) {
  let told = false;
  while (!take(path)) {
    const holder = readHolder(path);
    if (holder !== null && !isAlive(holder)) {
      breakLock(path, holder);
      continue;
    }
    if (!told) console.error(wait);
    told = true;
    await sleep(300);
  }
  const release = () => rmSync(path, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    release();
    process.removeListener('exit', release);
  }
}

/** The lock appears complete or not at all: it is written to another file, then linked into place. */
function take(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${startTime(process.pid)}`);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

function readHolder(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null; // Released by now.
  }
}

/** Whether the process that took the lock still runs. Its id alone may belong to another process by now. */
function isAlive(holder) {
  const [pid, start] = holder.split(' ');
  if (!/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return startTime(pid) === start;
}

/** When a process started, in the kernel's ticks since boot; 'unknown' if there is no /proc. */
function startTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return 'unknown';
  }
}

/** Removes a dead process's lock, but not one that another process has taken meanwhile. */
function breakLock(path, holder) {
  const aside = `${path}.${process.pid}.old`;
  try {
    renameSync(path, aside);
    if (readFileSync(aside, 'utf8') !== holder) linkSync(aside, path);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

module.exports = { withLock };
