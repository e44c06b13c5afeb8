/**
 * A snapshot of V8's heap in which TypeScript is loaded and the declarations that cells need are parsed and
 * bound: a process that starts from it compiles its first cell in a tenth of the time. Set-up makes it
 * (scripts/setup/snapshot.js); without one, the process starts as any other does.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cachedDataVersionTag } from 'node:v8';
import { inProject } from '../../src/files/paths';

/** Node takes only a snapshot of its own version, made for this processor and with the same settings of V8. */
const file = (): string =>
  join(inProject('build/snapshots'), `${process.version}-${cachedDataVersionTag()}.blob`);

/** Node's arguments that start a process from the snapshot, if there is one for this Node. */
export const fromSnapshot = (): string[] => (existsSync(file()) ? ['--snapshot-blob', file()] : []);
