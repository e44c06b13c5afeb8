// Makes the snapshot that kernels/tandem/snapshot-file.js describes.

const { existsSync, mkdirSync, renameSync, rmSync } = require('node:fs');
const { join, relative } = require('node:path');
const { nodeFacts, snapshotFile, snapshotFolder } = require('../../kernels/tandem/snapshot-file');
const { at, root } = require('./paths');
const { run } = require('./process');

const entry = join(__dirname, 'snapshot-entry.js');
const check = join(__dirname, 'snapshot-check.js');

/** Makes it for the Node that runs this. A Node that can't is no reason to stop: its kernels start without one. */
async function makeSnapshot(show) {
  const log = at('build/setup-snapshot.log');
  const fresh = `${snapshotFile()}.tmp`;
  for (const path of [log, snapshotFolder]) rmSync(path, { recursive: true, force: true });
  mkdirSync(snapshotFolder, { recursive: true });
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

/** The part of the kernel whose objects are in the snapshot. */
const documents = at('dist/kernels/tandem/documents.js');

/** What a snapshot is made from, beside the packages. */
const snapshotInputs = () => ({
  sources: [entry, check, documents].filter((file) => existsSync(file)),
  facts: [root, nodeFacts()],
});

module.exports = { makeSnapshot, snapshotInputs };
