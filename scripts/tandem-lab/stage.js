// What a person's project needs of Tandem, put into project/ before packing.
const { createHash } = require('node:crypto');
const { cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { basename, join, resolve } = require('node:path');

const root = resolve(__dirname, '../..');
const project = join(__dirname, 'project');

/** TypeScript is built already; but some programs are there to be read and compared. */
function isNeeded(path) {
  const from = path.slice(root.length + 1);
  if (/^(src\/.*\/build|data\/cache)$/.test(from)) return false;
  if (['__pycache__', 'node_modules', '.tandem-stamp', '.tsbuildinfo'].includes(basename(path)))
    return false;
  if (/\.map$/.test(path)) return false;
  const isSource = /\.ts$/.test(path) && !/\.d\.ts$/.test(path);
  return (
    !isSource || /^src\/(examples|pairs\/examples|experiments\/choosing\/programs)\//.test(from)
  );
}

function stage() {
  rmSync(project, { recursive: true, force: true });
  const scripts = readdirSync(join(root, 'scripts')).filter((name) => name !== 'tandem-lab');
  const parts = [
    ...['dist', 'src', 'kernels', 'data', 'scripts/tandem-lab/package.json'],
    ...scripts.map((name) => `scripts/${name}`),
    ...['package.json', 'package-lock.json', 'requirements.txt', '.npmrc', 'LICENSE'],
  ];
  for (const part of parts)
    cpSync(join(root, part), join(project, part), { recursive: true, filter: isNeeded });
  // npm packs no .npmrc.
  renameSync(join(project, '.npmrc'), join(project, 'npmrc'));

  // Tells one build of a version from another.
  const files = readdirSync(project, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const sum = createHash('sha256');
  for (const file of files) sum.update(file.slice(project.length)).update(readFileSync(file));
  writeFileSync(join(project, 'build-id'), sum.digest('hex'));
}

module.exports = { stage };
