import { existsSync, readFileSync } from 'node:fs';
import Module, { createRequire, isBuiltin } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { types } from 'node:util';
import vm from 'node:vm';
import { inProject, isBuilt } from '../../src/files/paths';
import { cellNames, defineForCells } from './cell-names';
import type { CellSources } from './cell-sources';
import type { LocalCode, LocalCompiler } from './local-code';
import { isOwnPackage, mayBeThere, missing } from './packages';

type Namespace = Record<string, unknown>;
type Import = (specifier: string, options?: object) => Promise<Namespace>;
type Resolve = (request: string, parent: NodeModule | null, ...rest: unknown[]) => string;

/** What Node's declarations leave out of its loader. */
const loader = Module as typeof Module & {
  _resolveFilename: Resolve;
  _extensions: Record<
    string,
    (module: NodeModule & { _compile(code: string, path: string): void }, path: string) => void
  >;
};

/** Files of a notebook's own, not those of packages. */
export const isLocal = (path: string): boolean => !path.includes('/node_modules/');

const sourceFile = /\.([mc]?ts|tsx|[mc]?js|jsx)$/;
const typescriptFile = /\.([mc]?ts|tsx)$/;

const isMissing = (error: unknown) =>
  ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND', 'ERR_PACKAGE_PATH_NOT_EXPORTED'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );

/** Node can't `require` an ES module with top-level await, and some versions can't require any. */
const needsImport = (error: unknown) =>
  ['ERR_REQUIRE_ASYNC_MODULE', 'ERR_REQUIRE_ESM'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );

/** Whether a package's JavaScript is an ES module by its name or its package.json. */
function isEsModule(path: string): boolean {
  if (extname(path) !== '.js') return extname(path) === '.mjs';
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) return JSON.parse(readFileSync(manifest, 'utf8')).type === 'module';
  }
  return false;
}

/**
 * The modules that cells import: from the notebook's folder first, then from Tandem. Cells, local modules and
 * packages share one instance of each. The notebook's own TypeScript and ES modules load as CommonJS, so that they
 * can be loaded again after an edit.
 */
export class Modules {
  readonly #require: NodeJS.Require;
  readonly #namespaces = new WeakMap<object, Namespace>();
  /** Modules that only `import` can load, imported by local modules: by importing file and specifier. */
  readonly #imported = new Map<string, Namespace>();
  /** Promises of the modules that use top-level await. */
  readonly #evaluations = new Map<string, Promise<unknown>>();

  #loadedCompiler: LocalCompiler | undefined;

  constructor(
    private readonly folder: string,
    private readonly javascript: boolean,
    private readonly sources: CellSources,
  ) {
    const cell = join(folder, 'cell.ts');
    this.#require = createRequire(cell);
    this.#resolveLikeTypeScript();
    for (const extension of ['.ts', '.tsx', '.mts', '.cts', '.mjs', '.js', '.jsx'])
      this.#compile(extension);
    defineForCells('require', this.#require);
    defineForCells(cellNames.meta, (path: string) => ({
      ...{ url: pathToFileURL(path).href, filename: path, dirname: dirname(path) },
      resolve: (specifier: string) => pathToFileURL(createRequire(path).resolve(specifier)).href,
    }));
    defineForCells(
      cellNames.load,
      async (specifier: unknown, options?: object, names: string[] = [], from = cell) => {
        const error = new SyntaxError();
        const namespace = await this.#load(String(specifier), options, from);
        const missing = names.find((name) => !(name in namespace));
        if (missing === undefined) return namespace;
        error.message = `'${specifier}' exports no '${missing}'`;
        throw error;
      },
    );
  }

  /** It loads TypeScript, which few notebooks need here. */
  get #compiler(): LocalCompiler {
    const { LocalCompiler: Loaded } = require('./local-code') as typeof import('./local-code');
    this.#loadedCompiler ??= new Loaded(this.folder, this.javascript);
    return this.#loadedCompiler;
  }

  /** Resolves also as TypeScript does (`./x.js` as `x.ts`, `paths` of tsconfig.json), and Tandem's packages. */
  #resolveLikeTypeScript(): void {
    const resolve = loader._resolveFilename;
    const inTandem = inProject('cell.ts');
    const tandem = createRequire(inTandem);
    loader._resolveFilename = (request, parent, ...rest) => {
      if (request === 'tslab') return require.resolve('./tslab');
      const importer = parent?.filename;
      if (!importer || importer === inTandem || !isLocal(importer))
        return resolve.call(loader, request, parent, ...rest);
      if (request.startsWith('tandem/')) return tandem.resolve(request);
      try {
        if (!mayBeThere(request, importer)) throw missing(request);
        return resolve.call(loader, request, parent, ...rest);
      } catch (error) {
        if (!isMissing(error)) throw error;
        const path = this.#compiler.resolve(request, importer);
        if (path && isLocal(path) && !/\.d\.[mc]?ts$/.test(path)) return path;
        if (isOwnPackage(request)) return tandem.resolve(request);
        throw error;
      }
    };
  }

  #compile(extension: string): void {
    const usual = loader._extensions[extension] ?? loader._extensions['.js']!;
    loader._extensions[extension] = (module, path) => {
      const local = isLocal(path) || typescriptFile.test(path);
      const compiled = local && !isBuilt(path) ? this.#read(path) : undefined;
      if (!compiled) return usual(module, path);
      this.sources.addFile(path, compiled.map);
      const { require } = module;
      module.require = Object.assign(
        (specifier: string) =>
          this.#imported.get(`${path}\n${specifier}`) ?? require.call(module, specifier),
        require,
      );
      if (!compiled.awaits) return module._compile(compiled.code, path);
      const run = vm.runInThisContext(
        `(async function (exports, require, module, __filename, __dirname) {${compiled.code}\n})`,
        { filename: path },
      );
      const evaluation = run(module.exports, module.require, module, path, dirname(path));
      evaluation.catch(() => {});
      this.#evaluations.set(path, evaluation);
    };
  }

  #read = (path: string): LocalCode | undefined =>
    this.#compiler.compile(path, readFileSync(path, 'utf8'));

  async #load(specifier: string, options: object | undefined, from: string): Promise<Namespace> {
    if (/^(data|https?):/.test(specifier)) return this.#natively(from)(specifier, options);
    const request = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
    if (isBuiltin(request)) return this.#namespace(this.#require(request));
    let path: string;
    try {
      path = createRequire(from).resolve(request);
    } catch (error) {
      if (!isMissing(error) || /^[./]/.test(request) || !mayBeThere(request, from)) throw error;
      // A package may support `import` only.
      return this.#natively(from)(request, options).catch((second) => {
        throw isMissing(second) ? error : second;
      });
    }
    if (isLocal(path)) await this.#prepare(path, new Set());
    try {
      return this.#namespace(this.#require(path));
    } catch (error) {
      if (!needsImport(error)) throw error;
      return this.#natively(from)(pathToFileURL(path).href, options);
    }
  }

  /** Node's own `import`, as in a module that lies beside `from`. */
  #natively(from: string): Import {
    const load = vm.compileFunction('return import(specifier, options)', ['specifier', 'options'], {
      filename: from,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as Import;
    return (specifier, options) => {
      const { emitWarning } = process;
      // Node 20 warns that this way of importing is experimental, in the output of the first cell that uses it.
      process.emitWarning = () => {};
      try {
        return load(specifier, options);
      } finally {
        process.emitWarning = emitWarning;
      }
    };
  }

  /** Loads the modules with top-level await that a local module needs: its own imports first. */
  async #prepare(path: string, seen: Set<string>): Promise<void> {
    if (seen.has(path) || !sourceFile.test(path) || isBuilt(path)) return;
    seen.add(path);
    const compiled = require.cache[path] ? undefined : this.#read(path);
    for (const specifier of compiled?.imports ?? []) {
      if (isBuiltin(specifier)) continue;
      const found = this.#resolved(specifier, path);
      if (found && isLocal(found)) await this.#prepare(found, seen);
      else if (!found || isEsModule(found)) {
        const namespace = await this.#load(specifier, undefined, path).catch((error) => {
          // A module that is imported for its types need not exist.
          if (!isMissing(error)) throw error;
        });
        // Compiled code checks this flag for a default export.
        const marked = namespace && { ...namespace, __esModule: true };
        if (marked) this.#imported.set(`${path}\n${specifier}`, marked);
      }
    }
    if (compiled?.awaits) this.#require(path);
    await this.#evaluations.get(path);
  }

  #resolved(specifier: string, from: string): string | undefined {
    try {
      return createRequire(from).resolve(specifier);
    } catch {
      return undefined;
    }
  }

  /** A module's namespace: its exports by name, and `default`, as TypeScript has it for CommonJS. */
  #namespace(exports: unknown): Namespace {
    const isObject =
      (typeof exports === 'object' && exports !== null) || typeof exports === 'function';
    if (!isObject) return { default: exports };
    if (types.isModuleNamespaceObject(exports) || (exports as Namespace).__esModule)
      return exports as Namespace;
    let namespace = this.#namespaces.get(exports as object);
    if (!namespace) {
      namespace = {};
      for (const name of Object.getOwnPropertyNames(exports)) {
        if (
          name === 'default' ||
          (typeof exports === 'function' && /^(length|name|prototype|arguments|caller)$/.test(name))
        )
          continue;
        Object.defineProperty(namespace, name, {
          enumerable: true,
          get: () => (exports as Namespace)[name],
        });
      }
      Object.defineProperty(namespace, 'default', { enumerable: true, value: exports });
      this.#namespaces.set(exports as object, namespace);
    }
    return namespace;
  }

  /** Forgets the state of a module that will load again. */
  forget(path: string): void {
    this.#evaluations.delete(path);
    for (const key of this.#imported.keys())
      if (key.startsWith(`${path}\n`)) this.#imported.delete(key);
  }
}
