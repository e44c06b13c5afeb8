import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { inProject } from '../../src/files/paths';

/**
 * The programs of a section of docs/torch.md, as JavaScript in a new folder, where they find `tandem/torch`: each is a block
 * of TypeScript whose first line is a comment with the file's name.
 */
export function examplesOf(section: string): string {
  const docs = readFileSync(inProject('docs/torch.md'), 'utf8');
  const [, text = ''] = docs.split(`\n## ${section}\n`);
  const blocks = text.split('\n## ')[0]!.matchAll(/```ts\n\/\/ ([\w-]+)\.ts\n(.*?)```/gs);
  mkdirSync(inProject('build'), { recursive: true });
  const folder = mkdtempSync(join(inProject('build'), 'docs-'));
  for (const [, name, code] of blocks) {
    const { code: made } = transformSync(code!, {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    writeFileSync(join(folder, `${name}.js`), made);
  }
  return folder;
}
