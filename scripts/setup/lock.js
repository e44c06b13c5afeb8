// One set-up at a time: a second one waits for the first.

const { linkSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { setTimeout: sleep } = require('node:timers/promises');

const settingUp = 'another command is setting up this folder; waiting for it …';

/** Runs `work` while holding the lock file at `path`; says `wait` once where another holds it. */
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

/** The lock appears whole or not at all: it is written aside and linked into its place. */
function take(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${startOf(process.pid)}`);
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
    return null; // Released meanwhile.
  }
}

/** Whether the very process that took the lock still runs; its number alone may be another's by now. */
function isAlive(holder) {
  const [pid, start] = holder.split(' ');
  if (!/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return startOf(pid) === start;
}

/** When a process started, in the kernel's ticks since boot; 'unknown' where there is no /proc. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return 'unknown';
  }
}

/** Removes a dead holder's lock; if another was quicker and holds it by now, that one stays. */
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
