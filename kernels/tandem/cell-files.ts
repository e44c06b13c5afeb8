import { statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import ts from 'typescript-6';
import { inProject } from '../../src/files/paths';
import { compilerOptions } from './compiler-options';
import { documents } from './documents';

/** Parts of TypeScript that its declarations leave out. */
type ResolutionCache = ts.ModuleResolutionCache & { clearAllExceptPackageJsonInfoCache(): void };
type Host = ts.LanguageServiceHost & { setCompilerHost(host: ts.CompilerHost): void };

/** Cell slots are added in blocks of this size, since a program with new root files is built from scratch. */
const stock = 100;

/** Which state of a file this is. npm gives the files of packages equal times, so that the size counts too. */
const versionOf = (path: string): string => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? `${found.mtimeMs}-${found.size}` : absent;
};

const absent = '0';

/** `NODE_PATH`: where Node looks for packages that are in no node_modules folder. */
const globalPaths = process.env.NODE_PATH
  ? { '*': process.env.NODE_PATH.split(delimiter).map((folder) => join(folder, '*')) }
  : undefined;

/** The declarations of tslab's public API, which cells find without having it installed. */
const tslab: ts.ResolvedModuleFull = {
  resolvedFileName: require.resolve('tslab/dist/public.js').replace(/\.js$/, '.d.ts'),
  extension: ts.Extension.Dts,
};

/** Packages do not change under a running kernel. */
const isInstalled = (path: string) => path.includes('/node_modules/');

/** Node's own modules are declared, not found. */
const nowhere: ts.ResolvedModuleWithFailedLookupLocations = { resolvedModule: undefined };

/** Modules of Tandem's own, which come as they are built. */
const tandem = /^tandem\//;

let made = 0;

/** Where to look for modules that the notebook's folder lacks. */
const fallback = inProject('cell.ts');

/**
 * The cells as files of one TypeScript program: each sees what the cells before it declare, since its scope is
 * nested in theirs. So types go from cell to cell as they were inferred, and a later cell may declare a name again.
 */
export class CellFiles {
  /** Tells the texts of cells that were forgotten from those of today. */
  readonly #made = ++made;
  readonly options: ts.CompilerOptions;
  readonly #paths: string[] = [];
  readonly #texts: string[] = [];
  readonly #slots = new Map<string, number>();
  /** The texts' numbers, and the versions of the other files. */
  readonly #versions = new Map<string, string>();
  readonly #snapshots = new Map<string, { version: string; snapshot: ts.IScriptSnapshot }>();
  /** Caches package information, and module locations within one compilation. */
  readonly #resolutions: ResolutionCache;
  /** The modules that packages import, by folder and name. */
  readonly #installed = new Map<string, ts.ResolvedModuleWithFailedLookupLocations>();
  /** Whether a cell or a local module imports a package that isn't there. */
  #missed = false;
  /** The cells that have run; the next one stands behind them. */
  #kept = 0;
  #edits = 0;
  readonly #service: ts.LanguageService;

  constructor(
    private readonly folder: string,
    readonly javascript: boolean,
  ) {
    this.options = compilerOptions(folder, javascript);
    const same = (name: string) => name;
    this.#resolutions = ts.createModuleResolutionCache(
      folder,
      same,
      this.options,
    ) as ResolutionCache;
    const { registry, documentation } = documents();
    this.#service = ts.createLanguageService(this.#host(documentation), registry);
    this.#addSlots();
  }

  #addSlots(): void {
    for (let i = 0; i < stock; i++) {
      const path = join(this.folder, `cell-${this.#paths.length}.${this.javascript ? 'js' : 'ts'}`);
      this.#slots.set(path, this.#paths.length);
      this.#paths.push(path);
      this.#texts.push('');
    }
  }

  #host(documentation: ts.JSDocParsingMode): Host {
    const { folder, options } = this;
    return {
      getCompilationSettings: () => options,
      getCurrentDirectory: () => folder,
      getDefaultLibFileName: ts.getDefaultLibFilePath,
      jsDocParsingMode: documentation,
      getProjectVersion: () => String(this.#edits),
      getScriptFileNames: () => this.#paths,
      getScriptVersion: (path) => this.#version(path),
      getScriptSnapshot: (path) => this.#snapshot(path),
      fileExists: (path) => this.#slots.has(path) || ts.sys.fileExists(path),
      readFile: ts.sys.readFile,
      readDirectory: ts.sys.readDirectory,
      directoryExists: ts.sys.directoryExists,
      getDirectories: ts.sys.getDirectories,
      realpath: ts.sys.realpath,
      useCaseSensitiveFileNames: () => true,
      // Otherwise each program would read every package.json again.
      setCompilerHost: (host) => {
        host.getModuleResolutionCache = () => this.#resolutions;
      },
      resolveModuleNameLiterals: (literals, file, redirected, settings) => {
        const resolve = (name: string, from: string, options = settings) =>
          ts.resolveModuleName(
            ...([name, from, options, ts.sys, this.#resolutions, redirected] as const),
          );
        const find = (name: string) => {
          const own = tandem.test(name) ? undefined : resolve(name, file);
          if (own?.resolvedModule || name.startsWith('.')) return own!;
          const elsewhere = globalPaths && resolve(name, '/', { ...settings, paths: globalPaths });
          if (elsewhere?.resolvedModule) return elsewhere;
          const found = resolve(name, fallback, { ...settings, paths: undefined });
          this.#missed ||= !found.resolvedModule;
          return found;
        };
        return literals.map(({ text }) => {
          if (text === 'tslab') return { resolvedModule: tslab };
          // Also caches failures, which each program would look up again.
          if (isBuiltin(text)) return nowhere;
          if (!isInstalled(file)) return find(text);
          const key = `${dirname(file)}\n${text}`;
          const known = this.#installed.get(key) ?? find(text);
          this.#installed.set(key, known);
          return known;
        });
      },
    };
  }

  /** A file's text, which the compiler asks for again with each cell. */
  #snapshot(path: string): ts.IScriptSnapshot | undefined {
    const version = this.#version(path);
    const known = this.#snapshots.get(path);
    if (known?.version === version) return known.snapshot;
    const text = this.#texts[this.#slots.get(path) ?? -1] ?? ts.sys.readFile(path);
    const snapshot = text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    if (snapshot) this.#snapshots.set(path, { version, snapshot });
    return snapshot;
  }

  #version(path: string): string {
    let version = this.#versions.get(path);
    if (version === undefined) {
      version = versionOf(path);
      this.#versions.set(path, version);
    }
    return version;
  }

  /** Notes which files were changed, created or removed since the last call. */
  poll(): void {
    // What was missing may have been installed since.
    if (this.#missed) this.#resolutions.clear();
    else this.#resolutions.clearAllExceptPackageJsonInfoCache();
    this.#missed = false;
    for (const [path, version] of this.#versions) {
      if (version === absent || isInstalled(path) || this.#slots.has(path)) continue;
      const now = versionOf(path);
      if (now === version) continue;
      this.#versions.set(path, now);
      this.#edits++;
    }
  }

  #write(slot: number, text: string): void {
    if (this.#texts[slot] === text) return;
    const path = this.#paths[slot]!;
    this.#texts[slot] = text;
    this.#versions.set(path, `${this.#made}.${this.#edits + 1}`);
    this.#edits++;
  }

  /** Sets the text of the next cell. */
  open(text: string): { program: ts.Program; file: ts.SourceFile; service: ts.LanguageService } {
    this.#write(this.#kept, text);
    const program = this.#service.getProgram()!;
    // Binds all files, before the cells' scopes are nested.
    program.getTypeChecker();
    const files = this.#paths.slice(0, this.#kept + 1).map((path) => program.getSourceFile(path)!);
    files.forEach((file, i) => {
      (file as never as { parent?: ts.SourceFile }).parent = files[i - 1];
    });
    return { program, file: files.at(-1)!, service: this.#service };
  }

  /** Keeps the next cell: those behind it see what it declares. */
  keep(text: string): void {
    this.#write(this.#kept, text);
    this.#kept++;
    if (this.#kept === this.#paths.length) this.#addSlots();
  }

  /** Drops the text of the next cell and everything that the compiler cached for it. */
  drop(): void {
    this.#write(this.#kept, '');
  }

  /** Whether a file is a cell. */
  isCell(file: ts.SourceFile): boolean {
    return this.#slots.has(file.fileName);
  }
}
