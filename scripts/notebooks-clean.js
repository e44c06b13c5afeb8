// Strips outputs from notebooks before they are committed. With --check it only names those that
// have some, and exits with 1. It takes paths of notebooks; by default all that git knows outside
// of test/. Plain JavaScript without dependencies, since it needs no set-up.

const { spawnSync } = require('node:child_process');
const { readdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { relative, resolve } = require('node:path');
const { parseArgs } = require('node:util');
const { at, root } = require('./setup/paths');

const help = `npm run notebooks:clean [-- [--check] [notebooks]]

Strips what runs leave in notebooks: outputs, execution counts, and front ends' metadata.
  --check   changes nothing, names the notebooks that have some, exit code 1
  --help    shows this`;

/** The project's own notebooks: those that git tracks or would add, without the tests' fixtures. */
function ownNotebooks() {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '*.ipynb'];
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  const listed = status === 0 ? stdout.split('\0') : readdirSync(at('notebooks'));
  const folder = status === 0 ? root : at('notebooks');
  return listed
    .filter((path) => path.endsWith('.ipynb') && !path.startsWith('test/'))
    .map((path) => resolve(folder, path));
}

/** Metadata that runs and front ends write, not people. */
const cellTraces = ['execution', 'ExecuteTime', 'collapsed', 'scrolled'];
const notebookTraces = ['papermill', 'widgets', 'signature', 'toc'];

/** A notebook without the traces of runs. */
function cleaned(notebook) {
  const copy = structuredClone(notebook);
  for (const name of notebookTraces) delete copy.metadata?.[name];
  for (const cell of copy.cells) {
    for (const name of cellTraces) delete cell.metadata?.[name];
    if (cell.cell_type === 'code') Object.assign(cell, { execution_count: null, outputs: [] });
  }
  return copy;
}

/** The cleaned text of a notebook file, null if it is clean already; throws if it is not a notebook. */
function cleanText(path) {
  const notebook = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(notebook?.cells)) throw new Error('it has no list of cells');
  const copy = cleaned(notebook);
  if (JSON.stringify(copy) === JSON.stringify(notebook)) return null;
  return `${JSON.stringify(copy, null, 1)}\n`;
}

function main() {
  const options = { check: { type: 'boolean' }, help: { type: 'boolean' } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const folder = process.env.INIT_CWD ?? process.cwd();
  const paths = positionals.length
    ? positionals.map((path) => resolve(folder, path))
    : ownNotebooks();
  let code = 0;
  for (const path of paths) {
    const shown = relative(root, path);
    let text;
    try {
      text = cleanText(path);
    } catch (error) {
      console.error(`${shown}: not a readable notebook (${error.message}).`);
      code = 2;
      continue;
    }
    if (text === null) continue;
    if (values.check) {
      console.error(`${shown} holds outputs: npm run notebooks:clean strips them.`);
      code ||= 1;
    } else {
      const aside = `${path}.${process.pid}.tmp`;
      writeFileSync(aside, text);
      renameSync(aside, path);
      console.log(`cleaned ${shown}`);
    }
  }
  return code;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error.message.split('\n')[0]);
  process.exitCode = 2;
}
