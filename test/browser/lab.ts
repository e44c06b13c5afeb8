/// <reference lib="dom" />
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { inProject } from '../../src/files/paths';
import { launchChromium } from './chromium';
import '../outside';

const token = 'lab-test';

interface Cell {
  readonly cell_type: string;
  readonly source: string;
  readonly execution_count: number | null;
  readonly outputs: { readonly output_type: string }[];
}

/** What JupyterLab and Notebook 7 show of themselves with expose_app_in_browser. */
interface ExposedPage {
  readonly jupyterapp: {
    readonly shell: {
      readonly currentWidget?: {
        readonly content: { readonly model: { toJSON(): { readonly cells: readonly Cell[] } } };
        readonly sessionContext?: {
          readonly isReady: boolean;
          readonly session?: { readonly kernel?: { readonly connectionStatus: string } };
        };
      };
    };
  };
}

export const errorsOf = (cell: Cell) =>
  cell.outputs.filter(({ output_type }) => output_type === 'error');

/** A port that nobody listens on. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** `npm run lab` itself, with a browser in front of it and a folder for notebooks that it may save. */
export class Lab {
  private constructor(
    private readonly server: ChildProcess,
    readonly folder: string,
    private readonly origin: string,
    private readonly browser: Browser,
    readonly page: Page,
  ) {}

  static async start(): Promise<Lab> {
    mkdirSync(inProject('build'), { recursive: true });
    const folder = mkdtempSync(inProject('build/lab-'));
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    const options = [
      '--no-browser',
      '--ip=127.0.0.1',
      `--port=${port}`,
      `--IdentityProvider.token=${token}`,
      '--LabApp.expose_app_in_browser=True',
      '--JupyterNotebookApp.expose_app_in_browser=True',
    ];
    const server = spawn(process.execPath, [inProject('scripts/lab.js'), ...options], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (text) => {
        printed = `${printed}${text}`.slice(-5000);
      });
    }
    for (let tries = 0; ; tries++) {
      const answer = await fetch(`${origin}/api/status?token=${token}`).catch(() => undefined);
      if (answer?.ok) break;
      if (server.exitCode !== null) throw new Error(`npm run lab has ended: ${printed}`);
      if (tries > 1200) {
        process.kill(-server.pid!, 'SIGKILL');
        throw new Error(`JupyterLab did not start within ten minutes: ${printed}`);
      }
      await sleep(500);
    }
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
    page.setDefaultTimeout(600_000);
    return new Lab(server, folder, origin, browser, page);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    // The server ends its kernels when it is asked to.
    await fetch(`${this.origin}/api/shutdown?token=${token}`, { method: 'POST' }).catch(() => {});
    await Promise.race([
      new Promise((resolve) => this.server.once('close', resolve)),
      sleep(120_000, undefined, { ref: false }),
    ]);
    try {
      process.kill(-this.server.pid!, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
    rmSync(this.folder, { recursive: true, force: true });
  }

  address(path: string): string {
    return `${this.origin}/${path}?token=${token}&reset`;
  }

  /** Writes a notebook of these cells into the folder; its path from the project's root. */
  write(name: string, cells: readonly string[]): string {
    const kernelspec = {
      name: 'tandem',
      display_name: 'TypeScript (Tandem)',
      language: 'typescript',
    };
    const content = {
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec },
      cells: cells.map((source, i) => ({
        ...{ cell_type: 'code', id: `cell-${i}`, source, metadata: {}, outputs: [] },
        execution_count: null,
      })),
    };
    writeFileSync(join(this.folder, name), JSON.stringify(content));
    return `build/${basename(this.folder)}/${name}`;
  }

  /** Opens a notebook in JupyterLab, or in Notebook 7, once its kernel is connected. */
  async open(path: string, at: 'lab/tree' | 'notebooks' = 'lab/tree'): Promise<Locator> {
    await this.page.goto(this.address(`${at}/${path}`));
    const notebook = this.page.locator('.jp-NotebookPanel').first();
    await notebook.locator('.jp-CodeCell').first().waitFor();
    // What the page shows of the kernel is idle already before there is one, and who runs a cell
    // then is asked to select a kernel.
    await this.page.waitForFunction(() => {
      const { jupyterapp } = globalThis as unknown as ExposedPage;
      const context = jupyterapp.shell.currentWidget?.sessionContext;
      return context?.isReady && context.session?.kernel?.connectionStatus === 'connected';
    });
    return notebook;
  }

  /** Chooses Run > Run All Cells. */
  async runAllCells(notebook: Locator): Promise<void> {
    await this.page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    await this.page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click();
    await notebook
      .locator('.jp-InputPrompt', { hasText: /\[(\*|\d+)\]/ })
      .first()
      .waitFor();
  }

  /** Runs one cell with Shift+Enter; the cell. */
  async runCell(notebook: Locator, index: number): Promise<Locator> {
    const cell = notebook.locator('.jp-CodeCell').nth(index);
    const prompt = cell.locator('.jp-InputPrompt');
    const before = await prompt.textContent();
    await cell.locator('.cm-content').click();
    await cell.locator('.cm-focused').waitFor();
    await this.page.keyboard.press('Shift+Enter');
    await prompt.filter({ hasNotText: before! }).waitFor();
    return cell;
  }

  /**
   * The code cells of the open notebook, once all of them are executed, or one has failed; read from
   * the page itself, so that nothing needs to be saved.
   */
  async readCells(): Promise<Cell[]> {
    for (;;) {
      await sleep(500);
      const { cells: all } = await this.page.evaluate(() =>
        (
          globalThis as unknown as ExposedPage
        ).jupyterapp.shell.currentWidget!.content.model.toJSON(),
      );
      const cells = all.filter(({ cell_type }) => cell_type === 'code');
      const failed = cells.some((cell) => errorsOf(cell).length > 0);
      if (failed || cells.every(({ execution_count }) => execution_count !== null)) return cells;
    }
  }
}
