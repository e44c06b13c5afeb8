import { statSync } from 'node:fs';

type Callback = (path: string, kind: number) => void;
interface Watched {
  readonly path: string;
  readonly callback: Callback;
  modified: number;
}

/** As in `ts.FileWatcherEventKind`. */
const created = 0;
const changed = 1;
const deleted = 2;

const modificationTime = (path: string): number =>
  statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/**
 * The files that the types of cells come from. The compiler would watch hundreds of them and
 * rebuild at any moment, also in the middle of a cell; here they are looked at before each cell.
 * Installed packages do not change under a running kernel and are left out.
 */
export class WatchedFiles {
  readonly #files = new Set<Watched>();

  watch(path: string, callback: Callback): { close(): void } {
    if (path.includes('/node_modules/')) return { close: () => {} };
    const file = { path, callback, modified: modificationTime(path) };
    this.#files.add(file);
    return { close: () => void this.#files.delete(file) };
  }

  /** Tells the compiler which files have changed since the last call. */
  poll(): void {
    for (const file of [...this.#files]) {
      const modified = modificationTime(file.path);
      if (modified === file.modified) continue;
      const kind = modified === 0 ? deleted : file.modified === 0 ? created : changed;
      file.modified = modified;
      file.callback(file.path, kind);
    }
  }
}
