// Runs while Node makes a snapshot, in which only Node's own modules can be loaded: fills it with TypeScript and
// the declarations that cells need. A process that starts from it runs the program that its command line names.

const { readFileSync } = require('node:fs');
const path = require('node:path');
const { startupSnapshot } = require('node:v8');
const { runInThisContext } = require('node:vm');

const root = path.resolve(__dirname, '../..');
const compiler = path.join(root, 'node_modules/typescript-6/lib/typescript.js');
const loaded = new Map();

/** Loads a CommonJS file that requires only Node's modules, TypeScript and files beside it. */
function load(file) {
  const known = loaded.get(file);
  if (known) return known.exports;
  const module = { exports: {} };
  loaded.set(file, module);
  const beside = (name) => path.resolve(path.dirname(file), name);
  const find = (name) => {
    if (name === 'typescript-6') return load(compiler);
    return name.startsWith('.') ? load(`${beside(name)}.js`) : require(name);
  };
  find.resolve = (name) =>
    name.startsWith('.') ? beside(name) : path.join(root, 'node_modules', name);
  const source = readFileSync(file, 'utf8');
  const body = runInThisContext(
    `(function (exports, require, module, __filename, __dirname) {${source}\n})`,
    { filename: file },
  );
  body(module.exports, find, module, file, path.dirname(file));
  return module.exports;
}

const kernel = path.join(root, 'dist/kernels/tandem');
const { CellFiles } = load(path.join(kernel, 'cell-files.js'));
// The program itself is dropped; the files that it parsed and bound stay.
const parts = ['torch', 'tensorflow', 'notebook'];
const imports = parts.map((part) => `import * as ${part} from 'tandem/${part}'; ${part};`);
new CellFiles('/nowhere', false).open(imports.join('\n'));

const typescript = load(compiler);
startupSnapshot.setDeserializeMainFunction(() => {
  const Module = require('node:module');
  const module = new Module(compiler);
  Object.assign(module, { filename: compiler, exports: typescript, loaded: true });
  Module._cache[compiler] = module;
  process.execArgv.splice(process.execArgv.indexOf('--snapshot-blob'), 2);
  Module.runMain(process.argv[1]);
});
