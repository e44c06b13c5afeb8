import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeWhole } from '../../files/whole-file';
import type { Exported } from '../run/nbconvert';
import { makeWorkFolder } from '../run/work-folder';
import type { RunRecord } from '../run-record';
import { withBrowser } from './browser';
import { keepDrawings } from './drawn-figures';
import { type PageOptions, readAllExecuted, renderPages } from './pages';

/** In the page: whether Plotly has drawn all figures without a static drawing. */
const drawn = "[...document.querySelectorAll('figure.plot .canvas')].every((it) => it.firstChild)";

/** In the page: unfolds all code, since readers of paper can't. */
const unfold = "for (const code of document.querySelectorAll('details.code')) code.open = true";

/** Prints the page of each record as `<name>.pdf`, its plots as pictures, its code unfolded. Returns the outcome of each. */
export async function makePdfs(
  output: string,
  records: readonly RunRecord[],
  options: PageOptions,
): Promise<Exported[]> {
  const folder = makeWorkFolder(options.workFolder);
  try {
    const { executed, unread } = readAllExecuted(output, records);
    for (const { notebook } of executed) keepDrawings(notebook);
    const rendered = await renderPages(executed, folder, options);
    await withBrowser(options.signal, async (browser) => {
      const context = await browser.newContext({
        offline: true,
        colorScheme: 'light',
        bypassCSP: true,
      });
      // A busy machine may take a while to draw.
      context.setDefaultTimeout(300_000);
      for (const { name, failure } of rendered) {
        if (failure !== undefined) continue;
        const page = await context.newPage();
        await page.goto(pathToFileURL(join(folder, `${name}.html`)).href);
        await page.waitForFunction(drawn);
        await page.evaluate(unfold);
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
      }
    });
    return [...rendered, ...unread];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
