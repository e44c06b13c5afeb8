import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../../files/paths';
import { writeWhole } from '../../files/whole-file';
import { type Exported, exportMarkdown } from '../run/nbconvert';
import { makeWorkFolder } from '../run/work-folder';
import type { RunRecord } from '../run-record';
import { keepDrawings } from './drawn-figures';
import { addPageMetadata, type PageOptions, readAllExecuted } from './pages';

/** Writes each record's notebook as `<name>.md`, pictures and plots in `<name>_files`. Returns the outcome of each. */
export async function makeMarkdown(
  output: string,
  records: readonly RunRecord[],
  options: PageOptions,
): Promise<Exported[]> {
  const folder = makeWorkFolder(options.workFolder);
  try {
    const { executed, unread } = readAllExecuted(output, records);
    const names = executed.map(({ record, notebook }, index) => {
      keepDrawings(notebook);
      addPageMetadata(notebook, record, { records, index, ending: 'md' });
      writeFileSync(join(folder, `${record.name}.ipynb`), JSON.stringify(notebook));
      return record.name;
    });
    const exported = await exportMarkdown(names, {
      ...options,
      workFolder: folder,
      template: { name: 'tandem-markdown', folder: inProject('src', 'report', 'markdown') },
    });
    for (const { name, failure } of exported) {
      if (failure === undefined) place(name, folder, output);
    }
    return [...exported, ...unread];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Moves a document and its pictures into place, the pictures first, so that none is ever missing. */
const place = (name: string, from: string, to: string): void => {
  const pictures = `${name}_files`;
  const made = filesIn(join(from, pictures));
  if (made.length > 0) mkdirSync(join(to, pictures), { recursive: true });
  for (const file of made) {
    writeWhole(join(to, pictures, file), readFileSync(join(from, pictures, file)));
  }
  const document = join(to, `${name}.md`);
  writeWhole(document, tidy(readFileSync(join(from, `${name}.md`), 'utf8')));
  for (const file of filesIn(join(to, pictures))) {
    if (!made.includes(file)) rmSync(join(to, pictures, file), { force: true });
  }
};

/** Collapses blank lines outside of code. */
const tidy = (markdown: string): string =>
  markdown
    .split(/^(```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith('```') ? part : part.replace(/\n(?:[ \t]*\n){2,}/g, '\n\n')))
    .join('')
    .trimStart();

const filesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return []; // It has no pictures.
  }
};
