/// <reference lib="dom" />
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { inProject } from '../../src/paths';
import { launchChromium } from './chromium';

jest.setTimeout(400_000);

const token = 'lab-test';
let lab: ChildProcess;
let folder: string;
let address: string;
let browser: Browser;
let page: Page;

/** A port that nobody listens on. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

// `npm run lab` itself, on a copy of the notebook, since JupyterLab saves what it runs.
beforeAll(async () => {
  mkdirSync(inProject('build'), { recursive: true });
  folder = mkdtempSync(inProject('build/lab-'));
  copyFileSync(
    inProject('notebooks/04-pytorch-model.ipynb'),
    join(folder, '04-pytorch-model.ipynb'),
  );
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  const options = [
    '--no-browser',
    '--ip=127.0.0.1',
    `--port=${port}`,
    `--IdentityProvider.token=${token}`,
  ];
  lab = spawn(process.execPath, [inProject('scripts/lab.js'), ...options], {
    detached: true,
    stdio: 'ignore',
  });
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${address}/api/status?token=${token}`).catch(() => undefined);
    if (answer?.ok) break;
    if (tries > 240) throw new Error('JupyterLab did not start within two minutes');
    await sleep(500);
  }
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  page.setDefaultTimeout(90_000);
});

afterAll(async () => {
  await browser?.close();
  // The server ends its kernels when it is asked to.
  await fetch(`${address}/api/shutdown?token=${token}`, { method: 'POST' }).catch(() => {});
  await Promise.race([
    new Promise((resolve) => lab.once('close', resolve)),
    sleep(10_000, undefined, { ref: false }),
  ]);
  try {
    process.kill(-lab.pid!, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
  rmSync(folder, { recursive: true, force: true });
});

test('the kernel is listed', async () => {
  await page.goto(`${address}/lab?token=${token}&reset`);
  await page.locator('.jp-LauncherCard', { hasText: 'TypeScript (Tandem)' }).first().waitFor();
});

test('04-pytorch-model runs to its end, and Plotly draws its loss curve in the page', async () => {
  const path = `build/${basename(folder)}/04-pytorch-model.ipynb`;
  await page.goto(`${address}/lab/tree/${path}?token=${token}&reset`);
  const notebook = page.locator('.jp-NotebookPanel').first();
  await notebook.locator('.jp-CodeCell').first().waitFor();
  await notebook.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
  await runAllCells(notebook);

  // The kernel's own answer: every code cell has been counted, and none has failed.
  const cells = await readCells(path, 150);
  expect(cells.flatMap(errorsOf)).toEqual([]);
  expect(cells.length).toBeGreaterThan(10);

  const curve = notebook.locator('.js-plotly-plot', { hasText: 'PyTorch: loss by epoch' }).first();
  await curve.scrollIntoViewIfNeeded();
  await curve.locator('.scatterlayer .trace').first().waitFor();
  expect(await curve.locator('.scatterlayer .trace').count()).toBe(2);
  expect(await hoverText(curve)).toMatch(/epoch \d: \d\.\d{4}/);
});

/**
 * Moves the mouse over a plot until it tells a value; the text that it shows. JupyterLab may still
 * be moving its cells about, so the place is looked up anew for each try.
 */
async function hoverText(plot: Locator): Promise<string> {
  const hover = plot.locator('.hoverlayer .hovertext').first();
  for (let tries = 0; tries < 60; tries++) {
    await plot.scrollIntoViewIfNeeded();
    const area = await plot.locator('.nsewdrag').first().boundingBox();
    if (area) {
      const across = 0.3 + (tries % 5) / 10;
      await page.mouse.move(area.x + area.width * across, area.y + area.height / 2, { steps: 5 });
      await hover.waitFor({ timeout: 1000 }).catch(() => {});
      const text = await plot.locator('.hoverlayer').textContent();
      if (text) return text;
    }
  }
  return '';
}

/** Chooses Run > Run All Cells until it takes: the menu does nothing while the page is still busy. */
async function runAllCells(notebook: Locator): Promise<void> {
  const asked = notebook.locator('.jp-InputPrompt', { hasText: /\[(\*|\d+)\]/ }).first();
  for (let tries = 0; tries < 10; tries++) {
    await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
    const item = page.getByRole('menuitem', { name: 'Run All Cells', exact: true });
    await item.waitFor();
    await item.click();
    const started = await asked.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (started) return;
    await page.keyboard.press('Escape');
  }
  throw new Error('Run All Cells did nothing');
}

interface Cell {
  cell_type: string;
  source: string;
  execution_count: number | null;
  outputs: { output_type: string }[];
}

const errorsOf = (cell: Cell) => cell.outputs.filter(({ output_type }) => output_type === 'error');

/** The code cells of a notebook, once it is saved with all of them executed, or with one failed. */
async function readCells(path: string, seconds: number): Promise<Cell[]> {
  for (let tries = 0; tries < seconds; tries++) {
    await sleep(1000);
    await page.keyboard.press('Control+s');
    const answer = await fetch(`${address}/api/contents/${path}?token=${token}`);
    // Not while it is being written.
    if (!answer.ok) continue;
    const { content } = (await answer.json()) as { content: { cells: Cell[] } };
    const cells = content.cells.filter(({ cell_type }) => cell_type === 'code');
    const failed = cells.some((cell) => errorsOf(cell).length > 0);
    if (failed || cells.every(({ execution_count }) => execution_count !== null)) return cells;
  }
  throw new Error(`not all cells had run after ${seconds} s`);
}
