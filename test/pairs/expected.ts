import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const readme = readFileSync(join(__dirname, 'programs', 'README.md'), 'utf8').split(
  '## Measured',
)[0]!;

/** The causes of each pair, as the README's table has them. */
export const expectedCauses: ReadonlyMap<string, readonly string[]> = (() => {
  const found = new Map<string, string[]>();
  let pair = '';
  for (const [, name, cause] of readme.matchAll(/^\| (?:`([\w-]+)`)? *\| (?:`([\w-]+)`|–)/gm)) {
    if (name) {
      pair = name;
      found.set(pair, []);
    }
    if (cause) found.get(pair)!.push(cause);
  }
  return found;
})();
