// The snapshot from which the kernel's processes start (kernels/tandem/snapshot.ts says what it is for).

const { mkdirSync, renameSync, rmSync } = require('node:fs');
const { join, relative } = require('node:path');
const { cachedDataVersionTag } = require('node:v8');
const { at, root } = require('./paths');
const { run } = require('./process');

const folder = at('build/snapshots');
const entry = join(__dirname, 'snapshot-entry.js');
const check = join(__dirname, 'snapshot-check.js');

/** What a Node must have in common with the one that made a snapshot. */
const nodeFacts = () => `${process.version}-${cachedDataVersionTag()}`;

/** Where it is, if there is one; kernels/tandem/snapshot.ts looks there. */
const snapshotFile = () => join(folder, `${nodeFacts()}.blob`);

/** Makes it for the Node that runs this. A Node that can't is no reason to stop: its kernels start without one. */
async function makeSnapshot(show) {
  const log = at('build/setup-snapshot.log');
  const fresh = join(folder, `${nodeFacts()}.tmp`);
  for (const path of [log, folder]) rmSync(path, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const node = (...args) =>
    run(process.execPath, args, {
      what: 'the snapshot',
      log,
      show,
      minutes: 5,
      fix: 'see its log.',
    });
  try {
    await node('--no-warnings', '--snapshot-blob', fresh, '--build-snapshot', entry);
    await node(check, fresh);
    renameSync(fresh, snapshotFile());
  } catch (error) {
    if (error.stopped) throw error;
    rmSync(fresh, { force: true });
    show(`not with this Node (${relative(root, log)}): kernels start two seconds later`);
  }
}

module.exports = { folder, makeSnapshot, nodeFacts, snapshotFile, sources: [entry, check] };
