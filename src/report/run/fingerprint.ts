import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { inProject, isBuilt, projectRoot } from '../../files/paths';
import type { Values } from '../declared-parameters';
import { executedCells, joined, type Notebook, raisingCells } from '../notebook';

/** A digest of everything that decides a run's outcome, hexadecimal. */
export type Fingerprint = string;

/**
 * The fingerprint of a run of the notebook in `folder`: its cells, its parameters, its direct and indirect imports,
 * the files that its cells name, the kernel, the data, and the versions of everything installed.
 * `before` are the fingerprints of the notebooks whose results it may read.
 */
export function fingerprint(
  notebook: Notebook,
  folder: string,
  parameters: Values,
  before: readonly Fingerprint[] = [],
): Fingerprint {
  const cells = executedCells(notebook).map((cell) => joined(cell.source));
  const files = [
    ...environmentFiles(),
    ...importedFiles(cells, folder),
    ...namedFiles(cells, folder),
  ].sort();
  const facts = [cells, raisingCells(notebook), parameters, process.versions.node, before];
  const sum = createHash('sha256').update(JSON.stringify(facts));
  for (const path of files) sum.update(`\n${relative(projectRoot, path)} ${digestOf(path)}`);
  return sum.digest('hex');
}

/** Where a part of the project, a folder of src/, is built. */
const builtFolder = (part: string): string =>
  part === 'torch' ? inProject('src/torch/dist') : inProject('dist/src', part);

/** The part of the project that a file was built from. */
const partOf = (path: string): string | undefined =>
  isBuilt(path)
    ? /^(?:dist\/src|src)\/([^/]+)\//.exec(relative(projectRoot, path))?.[1]
    : undefined;

/** Files that every notebook depends on. */
const environmentFiles = (): string[] =>
  [
    ...['package-lock.json', 'requirements.txt', 'src/torch/native/build/.tandem-stamp'],
    ...['dist/kernels/tandem', 'src/report/engine', 'data'],
  ]
    .map((path) => inProject(path))
    .concat(process.env.TANDEM_DATA ? [resolve(process.env.TANDEM_DATA)] : [])
    .flatMap(filesIn);

/** The relevant files below a path: not caches, source maps and documents. */
const filesIn = (path: string): string[] => {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return /\.(map|md|tmp|d\.ts)$/.test(path) ? [] : [path];
  return readdirSync(path)
    .filter((name) => !['cache', '__pycache__', 'node_modules'].includes(name))
    .flatMap((name) => filesIn(join(path, name)));
};

const imports = /\b(?:from|import|require)\s*\(?\s*(["'])([^"'\n]+)\1/g;

const importsIn = (code: string): string[] =>
  [...code.matchAll(imports)].map(([, , specifier]) => specifier!);

/**
 * The project's files that cells import, directly or indirectly. A part of the project counts as a whole,
 * since it may load more of its files later.
 */
export const importedFiles = (cells: readonly string[], folder: string): string[] => {
  const found = new Set<string>();
  const parts = new Set<string>();
  const add = (path: string | undefined): void => {
    if (!path || found.has(path)) return;
    found.add(path);
    const code = readFileSync(path, 'utf8');
    for (const specifier of importsIn(code)) add(ownFile(specifier, dirname(path)));
    // The other files of the same part, and its Python programs.
    const part = partOf(path);
    if (part === undefined || parts.has(part)) return;
    parts.add(part);
    filesIn(builtFolder(part)).filter(isCode).forEach(add);
    for (const file of filesIn(inProject('src', part))) if (file.endsWith('.py')) found.add(file);
  };
  for (const cell of cells) {
    for (const specifier of importsIn(cell)) add(ownFile(specifier, folder));
  }
  return [...found];
};

const quoted = /(["'`])([^"'`\n]{1,200})\1/g;

/** The files that cells name in quotes, as the data that they read. */
const namedFiles = (cells: readonly string[], folder: string): string[] =>
  cells
    .flatMap((cell) => [...cell.matchAll(quoted)].map(([, , text]) => resolve(folder, text!)))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());

const isCode = (path: string): boolean => /\.[cm]?[jt]s$/.test(path);

/** The file of the project that an import means; undefined for an installed package. */
const ownFile = (specifier: string, from: string): string | undefined => {
  const part = /^tandem[/-](\w[\w-]*)/.exec(specifier)?.[1];
  if (part) return existing(builtFolder(part));
  return /^[./]/.test(specifier) ? existing(resolve(from, specifier)) : undefined;
};

const existing = (path: string): string | undefined =>
  ['', '.ts', '.js', '.json', '/index.ts', '/index.js']
    .map((ending) => path + ending)
    .find((candidate) => existsSync(candidate) && statSync(candidate).isFile());

/** Digests of files by path, size and time, so that one call reads each file once. */
const digests = new Map<string, string>();

const digestOf = (path: string): string => {
  const { size, mtimeMs } = statSync(path);
  const key = `${path} ${size} ${mtimeMs}`;
  const known = digests.get(key);
  if (known) return known;
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
  digests.set(key, digest);
  return digest;
};
