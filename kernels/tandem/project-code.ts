import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inProject, isBuilt } from '../../src/files/paths';
import { isLocal } from './modules';

/** A cell that imports a module, and one of the project's. */
const imports = /\b(import|require)\b/;
const importsProject = /['"]tandem(\/|-torch['"])/;

const sources = inProject('src');
const kernel = inProject('dist/kernels/');

const digestOf = (path: string): string =>
  existsSync(path) ? createHash('sha1').update(readFileSync(path)).digest('hex') : '';

/** A built file's source, relative to the project's root. */
const sourceOf = (path: string): string =>
  relative(inProject(), path)
    .replace(/(^|\/)dist\//, '$1')
    .replace(/\.js$/, '.ts');

/** The modules of the build and of the notebook's own that have been loaded, by path. */
const loadedModules = (): [string, NodeJS.Module][] =>
  Object.entries(require.cache).filter(
    (entry): entry is [string, NodeJS.Module] =>
      !!entry[1] && isLocal(entry[0]) && !entry[0].startsWith(kernel),
  );

/** When each TypeScript file of the project was written. */
function modificationTimes(): Map<string, number> {
  const names = readdirSync(sources, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith('.ts')).map((name) => join(sources, name));
  return new Map(files.map((file) => [file, statSync(file).mtimeMs]));
}

interface SetupStep {
  readonly id: string;
  state(): { readonly ok: boolean };
  run(show: () => void): Promise<void>;
}

/** The set-up's own step, under its lock, so that nobody else builds at the same time. */
async function build(): Promise<void> {
  const { withLock } = require(inProject('src/files/lock.js'));
  const { steps } = require(inProject('scripts/setup/steps')) as { steps: SetupStep[] };
  const step = steps.find(({ id }) => id === 'typescript')!;
  mkdirSync(inProject('build'), { recursive: true });
  await withLock(inProject('build/setup.lock'), async () => {
    if (!step.state().ok) await step.run(() => {});
  });
}

/**
 * Keeps modules up to date: a cell that imports a module of the project or of the notebook gets its current
 * source, built and loaded again if it has changed.
 */
export class ProjectCode {
  #times = modificationTimes();
  /** The state of the file that each module was loaded from. */
  readonly #digests = new Map<string, string>();

  /** `forget` is called with the path of each module that is to load again. */
  constructor(private readonly forget: (path: string) => void) {}

  /** Updates the modules that a cell imports. Returns a note for the user, if any. */
  async refresh(cell: string): Promise<string | undefined> {
    // A headless run uses what the runner has built.
    if (process.env.TANDEM_RUN || !imports.test(cell)) return undefined;
    const project = importsProject.test(cell);
    const failure = project ? await this.#build() : undefined;
    return failure ?? this.#dropChanged((path) => project || !isBuilt(path));
  }

  /** Builds the project if it has changed. Returns the build's errors. */
  async #build(): Promise<string | undefined> {
    const times = modificationTimes();
    const edited = [...times].filter(([file, time]) => this.#times.get(file) !== time);
    const gone = [...this.#times.keys()].some((file) => !times.has(file));
    this.#times = times;
    if (edited.length === 0 && !gone) return undefined;
    try {
      await build();
    } catch (error) {
      return `src/ has changed but does not build; the last build is used. ${(error as Error).message}`;
    }
    return undefined;
  }

  /** Forgets the modules whose files have changed, and those that import them, so that they load again. */
  #dropChanged(watched: (path: string) => boolean): string | undefined {
    const modules = loadedModules();
    const changed = modules.filter(
      ([path]) =>
        watched(path) && this.#digests.has(path) && this.#digests.get(path) !== digestOf(path),
    );
    if (changed.length === 0) return undefined;
    const stale = new Set(changed.map(([, module]) => module));
    for (let size = 0; size !== stale.size; ) {
      size = stale.size;
      for (const [, module] of modules) {
        if (module.children.some((child) => stale.has(child))) stale.add(module);
      }
    }
    for (const { filename } of stale) {
      delete require.cache[filename];
      this.#digests.delete(filename);
      this.forget(filename);
    }
    const names = changed.map(([path]) =>
      isBuilt(path) ? sourceOf(path) : relative(process.cwd(), path),
    );
    const importers = stale.size - changed.length;
    const rest = importers > 0 ? ` and ${importers} modules that import it` : '';
    return `Loaded again: ${names.join(', ')}${rest}. Earlier imports stay as they were.`;
  }

  /** Notes the files of the modules that a cell has loaded. */
  note(): void {
    for (const [path] of loadedModules()) {
      if (!this.#digests.has(path)) this.#digests.set(path, digestOf(path));
    }
  }
}
