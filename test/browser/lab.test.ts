import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { inProject } from '../../src/files/paths';
import { errorsOf, Lab } from './lab';

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.start();
});
afterAll(() => lab?.stop());

test('the kernel is listed', async () => {
  await lab.page.goto(lab.address('lab'));
  const card = lab.page.locator('.jp-LauncherCard', { hasText: 'TypeScript (Tandem)' });
  await card.first().waitFor();
});

test('04-pytorch-model runs to its end, and Plotly draws its loss curve in the page', async () => {
  // A copy, since JupyterLab saves what it runs.
  const name = '04-pytorch-model.ipynb';
  copyFileSync(inProject('notebooks', name), join(lab.folder, name));
  const path = `build/${basename(lab.folder)}/${name}`;
  const notebook = await lab.open(path);
  await lab.runAllCells(notebook);

  // The kernel's own answer: every code cell has been counted, and none has failed.
  const cells = await lab.readCells(500);
  expect(cells.flatMap(errorsOf)).toEqual([]);
  expect(cells.length).toBeGreaterThan(10);

  const curve = notebook.locator('.js-plotly-plot', { hasText: 'PyTorch: loss by epoch' }).first();
  await curve.scrollIntoViewIfNeeded();
  await curve.locator('.scatterlayer .trace').first().waitFor();
  expect(await curve.locator('.scatterlayer .trace').count()).toBe(2);
  expect(await hoverText(curve)).toMatch(/epoch \d.*: \d\.\d{4}/s);
});

/**
 * Moves the mouse over a plot until it tells a value; the text that it shows. JupyterLab may still
 * be moving its cells about, so each try looks the place up again. Throws with what stood in
 * the way when no try succeeds.
 */
async function hoverText(plot: Locator): Promise<string> {
  const area = plot.locator('.nsewdrag').first();
  const hover = plot.locator('.hoverlayer text').first();
  let obstacle: unknown;
  for (let tries = 0; tries < 20; tries++) {
    try {
      const { width, height } = (await area.boundingBox())!;
      const position = { x: width * (0.3 + (tries % 5) / 10), y: height / 2 };
      // Playwright waits until the place lies still and nothing covers it.
      await area.hover({ position, timeout: 5000 });
      await hover.waitFor({ timeout: 1000 });
      return (await plot.locator('.hoverlayer').textContent())!;
    } catch (error) {
      obstacle = error;
    }
  }
  throw new Error('the plot tells no value under the mouse', { cause: obstacle });
}
