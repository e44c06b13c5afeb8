import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withBrowser } from './browser';
import type { MimeBundle, Notebook } from './notebook';
import { type PageOptions, readExecuted, renderPages } from './pages';
import type { RunRecord } from './run-record';
import { writeWhole } from './whole-file';
import { makeWorkFolder } from './work-folder';

/** On paper a figure is the drawing that it carries; one without is drawn by Plotly. */
const keepDrawings = (notebook: Notebook): void => {
  for (const output of notebook.cells.flatMap((cell) => cell.outputs ?? [])) {
    const data = output.data as MimeBundle | undefined;
    if (data?.['image/svg+xml']) delete data['application/vnd.plotly.v1+json'];
  }
};

/** Prints the page of each record as `<name>.pdf`, its plots as pictures. Gives the files. */
export async function makePdfs(
  output: string,
  records: readonly RunRecord[],
  options: PageOptions,
): Promise<string[]> {
  const folder = makeWorkFolder(options.workFolder);
  try {
    const executed = records.map((record) => readExecuted(output, record));
    for (const { notebook } of executed) keepDrawings(notebook);
    await renderPages(executed, folder, options);
    return await withBrowser(options.signal, async (browser) => {
      const context = await browser.newContext({ offline: true, colorScheme: 'light' });
      const files: string[] = [];
      for (const { name } of records) {
        const page = await context.newPage();
        await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
        const file = join(output, `${name}.pdf`);
        const margin = { top: '16mm', bottom: '16mm', left: '14mm', right: '14mm' };
        writeWhole(
          file,
          await page.pdf({
            format: 'A4',
            printBackground: true,
            tagged: true,
            outline: true,
            margin,
          }),
        );
        await page.close();
        files.push(file);
      }
      return files;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
