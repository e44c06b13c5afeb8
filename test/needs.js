// Which test files start Python, a kernel or a browser: those that import outside.ts, also through other files.
const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');

const door = join(__dirname, 'outside.ts');
const found = new Map([[door, true]]);

function needsOutside(file) {
  if (!found.has(file)) {
    found.set(file, false);
    const imports = readFileSync(file, 'utf8').matchAll(/(?:from|import) '(\.[^']+)'/g);
    const paths = [...imports].map(([, path]) => resolve(dirname(file), `${path}.ts`));
    const own = paths.filter((path) => path.startsWith(__dirname) && existsSync(path));
    found.set(file, own.some(needsOutside));
  }
  return found.get(file);
}

const testFiles = () =>
  readdirSync(__dirname, { recursive: true })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(__dirname, name));

module.exports = { needsOutside, testFiles };
