import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readIdx } from '../../src/data/idx';
import { idxBytes, newFolder } from './files';

const whole = idxBytes([2, 1, 3], Uint8Array.of(1, 2, 3, 4, 5, 255));

/** Writes a file and reads it as three-dimensional IDX. */
const read = (bytes: Uint8Array, name = 'images') => {
  const path = join(newFolder(), name);
  writeFileSync(path, bytes);
  return readIdx(path.replace(/\.gz$/, ''), 3, 'fix it.');
};

test.each([
  ['plain', whole, 'images'],
  ['gzip', gzipSync(whole), 'images.gz'],
  ['gzip without the ending', gzipSync(whole), 'images'],
])('a %s file gives its shape and elements', async (_, bytes, name) => {
  const idx = await read(bytes, name);
  expect(idx.shape).toEqual([2, 1, 3]);
  expect([...idx.data]).toEqual([1, 2, 3, 4, 5, 255]);
  expect(Buffer.from(idx.bytes).equals(whole)).toBe(true);
  expect(idx.path).toMatch(new RegExp(`/${name}$`));
});

const changed = (at: number, value: number) => {
  const bytes = Buffer.from(whole);
  bytes[at] = value;
  return bytes;
};

test.each([
  ['an empty file', Buffer.alloc(0), /images has 0 bytes, less than an IDX header of 16/],
  ['a header cut short', whole.subarray(0, 9), /images has 9 bytes, less than an IDX header of 16/],
  [
    'elements cut off',
    whole.subarray(0, 20),
    /has 20 bytes, where its header \[2, 1, 3\] needs 22/,
  ],
  ['bytes too many', Buffer.concat([whole, whole]), /has 44 bytes, where .* needs 22/],
  ['a huge size', changed(4, 0xff), /has 22 bytes, where its header \[4278190082, 1, 3\] needs/],
  ['another magic', changed(0, 7), /starts with 07000803, not with 00000803/],
  ['another element type', changed(2, 0x0d), /starts with 00000d03/],
  ['other dimensions', idxBytes([9], new Uint8Array(9)), /starts with 00000801, not with 00000803/],
  ['text', Buffer.from('<!doctype html><title>404</title>'), /starts with 3c21646f/],
  ['a gzip cut short', gzipSync(whole).subarray(0, 30), /images is not a complete gzip file/],
])('%s is refused in one line that says how to fix it', async (_, bytes, message) => {
  const error = await read(bytes).catch((reason: Error) => reason);
  expect(error).toMatchObject({ name: 'UserError', exitCode: 2 });
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).toMatch(/: fix it\.$/);
  expect((error as Error).message).not.toContain('\n');
});

test('a missing file and a folder in its place are refused', async () => {
  const folder = newFolder();
  await expect(readIdx(join(folder, 'images'), 3, 'fix it.')).rejects.toThrow(
    `${folder}/images is missing: fix it.`,
  );
  mkdirSync(join(folder, 'images'));
  await expect(readIdx(join(folder, 'images'), 3, 'fix it.')).rejects.toThrow(
    `${folder}/images can't be read (EISDIR): fix it.`,
  );
});
