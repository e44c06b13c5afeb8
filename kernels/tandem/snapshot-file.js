// A snapshot of V8's heap in which TypeScript is loaded and the declarations that cells need are parsed and bound: a
// compiler that starts from it compiles its first cell in a tenth of the time. Set-up makes it
// (scripts/setup/snapshot.js); without one, the compiler starts as any process does. Plain JavaScript, since set-up
// needs it before anything is built.

const { join, resolve } = require('node:path');
const { cachedDataVersionTag } = require('node:v8');

const snapshotFolder = resolve(__dirname, '../../build/snapshots');

/** What a Node must have in common with the one that made a snapshot: version, processor and V8's settings. */
const nodeFacts = () => `${process.version}-${cachedDataVersionTag()}`;

/** Where this Node's snapshot is, if there is one. */
const snapshotFile = () => join(snapshotFolder, `${nodeFacts()}.blob`);

module.exports = { nodeFacts, snapshotFile, snapshotFolder };
