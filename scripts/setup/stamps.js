// A stamp identifies the inputs that an artefact was made from. It lies inside the artefact, so that deleting
// the artefact deletes the stamp.

const { createHash } = require('node:crypto');
const {
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} = require('node:fs');
const { dirname, join } = require('node:path');

/** All files below a folder, or the file itself, in a fixed order. */
function filesBelow(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (['build', 'dist', '__pycache__'].includes(entry.name)) return [];
      return filesBelow(join(path, entry.name));
    });
}

/** A digest of the contents of files and folders, and of plain facts. */
function digest(paths, facts = []) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesBelow))
    hash.update(file).update('\0').update(readFileSync(file));
  for (const fact of facts) hash.update('\0').update(String(fact));
  return hash.digest('hex');
}

function readStamp(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function writeStamp(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
}

module.exports = { digest, readStamp, writeStamp };
