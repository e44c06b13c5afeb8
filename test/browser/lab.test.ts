/// <reference lib="dom" />
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Locator } from 'playwright-core';
import { inProject } from '../../src/files/paths';
import { errorsOf, Lab } from './lab';

const cells = [
  `import * as torch from 'tandem/torch';
import { tf } from 'tandem/tensorflow';
import { DataFrame } from 'danfojs-node';
import { loadMnist } from 'tandem/data';
import { train } from 'tandem/notebook';
import { fitPyTorch, pytorchRecipe, withProfile } from 'tandem/training';
const { nn } = torch;
const mnist = await loadMnist();
let kept = 41;`,
  "kept++;\nawait train((options) => fitPyTorch(withProfile(pytorchRecipe, 'full'), mnist, options));",
  'kept',
  "const limit = 3;\n\nfunction check(size: number): void {\n  if (size > limit) throw new RangeError('size ' + size);\n}\n\ncheck(5);",
  "const count: number = 'many';\n\nmissing(count);",
  'torch.arange(6).reshape([2, 3])',
  'torch.rand([2, 1, 8, 8])',
  "new DataFrame({ name: ['<b>first</b>', 'second'], value: [1, 2.5] })",
  "({ data: [{ y: [1, 3, 2], type: 'scatter' }], layout: { title: { text: 'A figure' } } })",
  "import { confusionMatrix } from 'tandem/plots';\nconfusionMatrix([[9, 1], [2, 8]], ['0', '1'])",
  'tf.tensor([[1, 2], [3, 4]])',
  'nn.Conv',
  'nn.Conv2d',
];
const [
  setUp,
  training,
  reading,
  failing,
  mistyped,
  tensor,
  images,
  frame,
  figure,
  matrix,
  other,
  part,
  whole,
] = cells.keys();

let lab: Lab;
let notebook: Locator;
beforeAll(async () => {
  lab = await Lab.start();
  notebook = await lab.open(lab.write('kernel.ipynb', cells));
  const cell = await lab.runCell(notebook, setUp!);
  await cell.locator('.jp-InputPrompt', { hasText: /\[\d+\]/ }).waitFor();
});
afterAll(() => lab?.stop());

/** Runs a cell and waits for its output. */
async function outputOf(index: number): Promise<Locator> {
  const cell = await lab.runCell(notebook, index);
  const output = cell.locator('.jp-OutputArea-output').first();
  await output.waitFor();
  return output;
}

test('training shows a bar and a curve that grow, an interrupt ends it, the variables are there', async () => {
  const cell = await lab.runCell(notebook, training!);
  const bar = cell.locator('progress');
  await bar.waitFor();
  await cell.locator('.jp-RenderedHTMLCommon svg').first().waitFor();
  // Each update shows another one in its place.
  const value = async () => Number(await bar.getAttribute('value').catch(() => 0));
  const seen = await value();
  let later = seen;
  for (; later <= seen; later = await value()) await lab.page.waitForTimeout(100);
  await notebook
    .locator('[data-command="notebook:interrupt-kernel"], [title^="Interrupt the kernel"]')
    .first()
    .click();
  await cell
    .locator('.jp-OutputArea-output', { hasText: 'KeyboardInterrupt: the cell was' })
    .waitFor();
  const output = await outputOf(reading!);
  expect(await output.textContent()).toBe('42');
});

test('an error shows the line of the cell that threw it', async () => {
  const text = await (await outputOf(failing!)).textContent();
  expect(text).toContain('RangeError: size 5');
  expect(text).toContain("4 |   if (size > limit) throw new RangeError('size ' + size);");
  expect(text).toMatch(/at check \(cell \d+, line 4\)\s+at cell \d+, line 7/);
});

test('type errors are all shown, each below its line', async () => {
  const text = await (await outputOf(mistyped!)).textContent();
  expect(text).toContain("TS2322: Type 'string' is not assignable to type 'number'.");
  expect(text).toMatch(/1 \| const count: number = 'many';\s+\^{5}/);
  expect(text).toMatch(/3 \| missing\(count\);\s+\^{7}/);
});

test('tensors of both frameworks are shown with their values, small images as images', async () => {
  const printed = await outputOf(tensor!);
  expect(await printed.locator('small').textContent()).toBe('torch.Tensor · [2, 3] · int64');
  expect(await printed.locator('pre').textContent()).toBe(
    'tensor([[0, 1, 2],\n        [3, 4, 5]])',
  );
  const image = (await outputOf(images!)).locator('img');
  expect(await image.count()).toBe(2);
  expect(
    await image.first().evaluate((element) => (element as HTMLImageElement).naturalWidth),
  ).toBe(8);
  expect(await (await outputOf(other!)).locator('pre').textContent()).toContain('[[1, 2],');
});

test('a data frame is shown as a table, a figure by Plotly', async () => {
  const table = (await outputOf(frame!)).locator('table');
  const heads = await table.locator('thead th').allTextContents();
  expect(heads.filter((text) => text !== '')).toEqual(['name', 'value']);
  expect(await table.locator('tbody td').allTextContents()).toEqual([
    '<b>first</b>',
    '1',
    'second',
    '2.5',
  ]);
  const plot = (await lab.runCell(notebook, figure!)).locator('.js-plotly-plot').first();
  await plot.locator('.scatterlayer .trace').first().waitFor();
  expect(await plot.textContent()).toContain('A figure');
});

test('a heat map is dark in the dark theme, and pale in the light one', async () => {
  const plot = (await lab.runCell(notebook, matrix!)).locator('.js-plotly-plot').first();
  const cells = plot.locator('.heatmaplayer');
  await cells.locator('text').first().waitFor();
  const filterIn = (theme: 'light' | 'dark') =>
    cells.evaluate((layer, light) => {
      // As JupyterLab says it, without choosing it in the settings of whoever runs this.
      document.body.dataset.jpThemeLight = String(light);
      return getComputedStyle(layer).filter;
    }, theme === 'light');
  expect(await filterIn('dark')).toBe('invert(1) hue-rotate(180deg)');
  expect(await filterIn('light')).toBe('none');
});

test('it doesn’t ask whether it may fetch news', async () => {
  expect(await lab.page.getByText('Jupyter news').count()).toBe(0);
});

/** Whether something comes to be seen within some milliseconds. */
const appears = (locator: Locator, timeout: number): Promise<boolean> =>
  locator.waitFor({ timeout }).then(
    () => true,
    () => false,
  );

/** Puts the cursor at the end of a cell and presses a key until something is shown, each time with twice the patience. */
async function ask(index: number, key: string, answer: Locator): Promise<void> {
  const editor = notebook.locator('.jp-CodeCell').nth(index).locator('.cm-content');
  for (let patience = 4000; patience < 500_000; patience *= 2) {
    await lab.page.keyboard.press('Escape');
    await editor.click();
    await lab.page.keyboard.press('Control+End');
    await lab.page.keyboard.press(key);
    if (await appears(answer, patience)) return;
  }
  throw new Error(`${key} shows nothing`);
}

test('completion finds what a module of the project has, with its kind', async () => {
  const item = lab.page.locator('.jp-Completer-item', { hasText: 'ConvTranspose2d' });
  await ask(part!, 'Tab', item.first());
  expect(await item.first().textContent()).toContain('class');
});

test('inspection shows type and documentation', async () => {
  const tooltip = lab.page.locator('.jp-Tooltip', { hasText: '2-d convolution' });
  await ask(whole!, 'Shift+Tab', tooltip);
  expect(await tooltip.textContent()).toContain('class Conv2d');
});

test('Notebook 7 runs a notebook and shows its results', async () => {
  const work = [setUp!, tensor!, figure!].map((index) => cells[index]!);
  const own = lab.write('classic.ipynb', work);
  const classic = await lab.open(own, 'notebooks');
  await lab.runAllCells(classic);
  const executed = await lab.readCells();
  expect(executed.map(({ outputs }) => outputs.map(({ output_type }) => output_type))).toEqual([
    [],
    ['execute_result'],
    ['execute_result'],
  ]);
  await classic.locator('.js-plotly-plot .trace').first().waitFor();
});

test('the kernel is listed', async () => {
  await lab.page.goto(lab.address('lab'));
  const card = lab.page.locator('.jp-LauncherCard', { hasText: 'TypeScript (Tandem)' });
  await card.first().waitFor();
});

test('04-pytorch-model runs to its end, and Plotly draws its loss curve in the page', async () => {
  // A copy, since JupyterLab saves what it runs; of the profile whose training is short.
  const name = '04-pytorch-model.ipynb';
  const [before, after, ...rest] = readFileSync(inProject('notebooks', name), 'utf8').split(
    "profile: 'quick'",
  );
  expect(rest).toEqual([]);
  writeFileSync(join(lab.folder, name), `${before}profile: 'smoke'${after}`);
  const path = `build/${basename(lab.folder)}/${name}`;
  const notebook = await lab.open(path);
  await lab.runAllCells(notebook);

  // The kernel's own answer: every code cell has been counted, and none has failed.
  const cells = await lab.readCells();
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
      await area.hover({ position, timeout: 5000 * (tries + 1) });
      await hover.waitFor({ timeout: 1000 * (tries + 1) });
      return (await plot.locator('.hoverlayer').textContent())!;
    } catch (error) {
      obstacle = error;
    }
  }
  throw new Error('the plot tells no value under the mouse', { cause: obstacle });
}
