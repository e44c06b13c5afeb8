import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { inProject } from '../../src/paths';
import { errorsOf, Lab } from './lab';

jest.setTimeout(400_000);

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
  const cells = await lab.readCells(path, 150);
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
 * be moving its cells about, so the place is looked up anew for each try.
 */
async function hoverText(plot: Locator): Promise<string> {
  const hover = plot.locator('.hoverlayer text').first();
  for (let tries = 0; tries < 60; tries++) {
    await plot.scrollIntoViewIfNeeded();
    const area = await plot.locator('.nsewdrag').first().boundingBox();
    if (area) {
      const across = 0.3 + (tries % 5) / 10;
      await lab.page.mouse.move(area.x + area.width * across, area.y + area.height / 2, {
        steps: 5,
      });
      await hover.waitFor({ timeout: 1000 }).catch(() => {});
      const text = await plot.locator('.hoverlayer').textContent();
      if (text) return text;
    }
  }
  return '';
}
