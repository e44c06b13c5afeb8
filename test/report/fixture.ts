import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../src/files/paths';

/** A fixture notebook's path. */
export const fixture = (name: string): string =>
  inProject('test', 'report', 'fixtures', `${name}.ipynb`);

/** A folder of its own for each test, which is removed after it; gives its path when asked. */
export function outputFolder(each = true): () => string {
  let folder = '';
  const make = () => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-report-'));
  };
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (each) {
    beforeEach(make);
    afterEach(remove);
  } else {
    beforeAll(make);
    afterAll(remove);
  }
  return () => folder;
}
