/// <reference lib="dom" />
import type { Locator } from 'playwright-core';
import { Lab } from './lab';

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

test('training shows a bar and a curve that grow, an interrupt ends it within 2 s, the variables are there', async () => {
  let least = Number.POSITIVE_INFINITY;
  // A machine that is busy with other things may miss it once.
  for (let tries = 1; tries <= 3 && least >= 2; tries++) {
    const cell = await lab.runCell(notebook, training!);
    const bar = cell.locator('progress');
    const value = async () => Number(await bar.getAttribute('value').catch(() => 0));
    await bar.waitFor();
    await cell.locator('.jp-RenderedHTMLCommon svg').first().waitFor();
    const seen = await value();
    for (let checks = 0; checks < 300 && (await value()) <= seen; checks++)
      await lab.page.waitForTimeout(100);
    expect(await value()).toBeGreaterThan(seen);
    const started = performance.now();
    await notebook
      .locator('[data-command="notebook:interrupt-kernel"], [title^="Interrupt the kernel"]')
      .first()
      .click();
    await cell
      .locator('.jp-OutputArea-output', { hasText: 'KeyboardInterrupt: the cell was' })
      .waitFor();
    least = Math.min(least, (performance.now() - started) / 1000);
    const output = await outputOf(reading!);
    expect(await output.textContent()).toBe(String(41 + tries));
  }
  expect(least).toBeLessThan(2);
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

/** Puts the cursor at the end of a cell and presses a key until something is shown. */
async function ask(index: number, key: string, answer: Locator): Promise<void> {
  const editor = notebook.locator('.jp-CodeCell').nth(index).locator('.cm-content');
  for (let tries = 0; tries < 15; tries++) {
    await lab.page.keyboard.press('Escape');
    await editor.click();
    await lab.page.keyboard.press('Control+End');
    await lab.page.keyboard.press(key);
    if (await appears(answer, 4000)) return;
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
  const executed = await lab.readCells(120);
  expect(executed.map(({ outputs }) => outputs.map(({ output_type }) => output_type))).toEqual([
    [],
    ['execute_result'],
    ['execute_result'],
  ]);
  await classic.locator('.js-plotly-plot .trace').first().waitFor();
});
