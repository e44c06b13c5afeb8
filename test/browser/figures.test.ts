/// <reference lib="dom" />
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { Notebook } from '../../src/report/notebook';
import { makePages } from '../../src/report/pages/pages';
import type { RunRecord } from '../../src/report/run-record';
import { launchChromium } from './chromium';
import * as traces from './fixtures/traces';

let output: string;
let browser: Browser;

const plotly = 'application/vnd.plotly.v1+json';

const notebookOf = (outputs: object[]): Notebook => ({
  ...{ nbformat: 4, nbformat_minor: 5 },
  metadata: { language_info: { name: 'typescript' } },
  cells: outputs.map((data, index) => ({
    ...{ id: `c${index}`, cell_type: 'code', metadata: {}, source: `figure(${index})` },
    execution_count: index + 1,
    outputs: [{ output_type: 'display_data', metadata: {}, data: data as Record<string, unknown> }],
  })),
});

const figuresOf = (figures: Record<string, object>) =>
  Object.entries(figures).map(([name, figure]) => ({ [plotly]: figure, 'text/plain': name }));

const everything = Object.assign({}, ...Object.values(traces)) as Record<string, object>;

const spoilt: Record<string, unknown> = {
  'a text': 'no figure',
  null: null,
  'data that is an object': { data: { x: [1] } },
  'a trace that is a number': { data: [3] },
  'an unknown type': { data: [{ type: 'scatter4d' }] },
};

/** The pages by name, with the outputs of each. */
const pages: Record<string, object[]> = {
  ...Object.fromEntries(
    Object.entries(traces).map(([kind, figures]) => [kind, figuresOf(figures)]),
  ),
  everything: figuresOf(everything),
  spoilt: [
    ...figuresOf(spoilt as Record<string, object>),
    { [plotly]: { data: [{ type: 'scatter4d' }] }, 'image/png': 'iVBORw0KGgo=' },
    { [plotly]: { data: [{ x: { bad: 1 }, marker: 7, y: 'text' }], layout: 5 } },
    ...figuresOf(traces.plain),
  ],
  odd: [
    { [plotly]: { layout: { title: 'No data at all' } } },
    { [plotly]: { data: [{ y: [1, 2] }], frames: [{ name: 'later', data: [{ y: [2, 1] }] }] } },
    { [plotly]: { data: [{ y: { dtype: 'f8', bdata: 'AAAAAAAA8D8AAAAAAAAAQA==' } }] } },
  ],
};

const recordOf = (name: string): RunRecord => ({
  ...{
    name,
    source: `${name}.ipynb`,
    title: name,
    summary: '',
    state: 'passed',
    cells: 1,
    runs: [],
  },
  ...{ seconds: 1, profile: 'smoke', seed: 0, parameters: {}, versions: {} },
  finished: '2026-01-31T14:05:00.000Z',
});

beforeAll(async () => {
  output = mkdtempSync(join(tmpdir(), 'tandem-figures-'));
  for (const [name, outputs] of Object.entries(pages)) {
    writeFileSync(join(output, `${name}.ipynb`), JSON.stringify(notebookOf(outputs)));
  }
  const made = await makePages(output, Object.keys(pages).map(recordOf), { workFolder: output });
  expect(made.filter(({ failure }) => failure)).toEqual([]);
  browser = await launchChromium(['--enable-unsafe-swiftshader']);
});
afterAll(async () => {
  await browser?.close();
  rmSync(output, { recursive: true, force: true });
});

/** What a page shows once its figures are drawn, without a network. */
async function look<T>(name: string, see: (page: Page) => Promise<T>) {
  const context = await browser.newContext({
    offline: true,
    viewport: { width: 900, height: 800 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(600_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(pathToFileURL(join(output, `${name}.html`)).href);
  await page.waitForFunction(() =>
    [...document.querySelectorAll('figure.plot .canvas')].every((canvas) => canvas.firstChild),
  );
  const seen = await see(page);
  await context.close();
  return { seen, complaints };
}

const bundleIn = (name: string): string =>
  /plotly\.js \((\w+)(?: - minified)?\) v|plotly\.js v/.exec(
    readFileSync(join(output, `${name}.html`), 'utf8'),
  )?.[1] ?? 'all';

test.each([
  ['plain', 'basic', 1.4],
  ['finance', 'finance', 1.5],
  ['geographic', 'geo', 2.3],
  ['cartesian', 'cartesian', 1.7],
  ['solid', 'gl3d', 2.0],
  ['tiled', 'map', 3.3],
  ['others', 'strict', 5.5],
  ['everything', 'strict', 6.2],
])('%s figures need the %s bundle alone', (name, bundle, most) => {
  expect(bundleIn(name)).toBe(bundle);
  expect(readFileSync(join(output, `${name}.html`)).length / 1e6).toBeLessThan(most);
});

test.each(Object.keys(traces))('each kind of %s figures is drawn', async (name) => {
  const { seen, complaints } = await look(name, (page) =>
    page.locator('figure.plot .canvas').evaluateAll(async (all) => {
      type Drawn = HTMLElement & { _fullData?: { type: string; visible: boolean }[] };
      return (all as Drawn[]).map((canvas) => ({
        words: canvas.dataset.words,
        problem: canvas.querySelector('.problem')?.textContent,
        traces: canvas._fullData?.map(({ type, visible }) => `${type} ${visible}`).join(),
      }));
    }),
  );
  expect(complaints).toEqual([]);
  for (const { words = '', problem, traces: drawn } of seen) {
    const type = words.split(' ')[0]!.replace('mapbox', 'map');
    expect({ words, problem, drawn }).toEqual({
      words,
      problem: undefined,
      drawn: expect.stringContaining(`${type} true`),
    });
  }
});

test('a figure that can’t be drawn says why in its place, and doesn’t affect the others', async () => {
  const { seen } = await look('spoilt', async (page) => ({
    problems: await page.locator('.output.problem').allTextContents(),
    images: await page.locator('.output.image img').count(),
    drawn: await page.locator('figure.plot .main-svg:first-child').count(),
  }));
  expect(seen.problems).toEqual([
    ...['text', 'null'].map(() => expect.stringMatching(/drawn: it is not an object with data/)),
    expect.stringMatching(/: its data is not a list of traces$/),
    expect.stringMatching(/: trace 1 of its data is not an object$/),
    expect.stringMatching(/: plotly\.js 4\.1\.1 has no trace type "scatter4d"$/),
  ]);
  expect(seen.images).toBe(1);
  expect(seen.drawn).toBeGreaterThanOrEqual(3);
});

test('what plotly.py and older versions write is drawn: no data, frames, numbers in base64', async () => {
  const { seen, complaints } = await look('odd', (page) =>
    page.locator('figure.plot .canvas').evaluateAll((all) => {
      type Drawn = HTMLElement & {
        _fullData: { y?: number[] }[];
        _transitionData: { _frames: unknown[] };
      };
      return (all as Drawn[]).map((canvas) => ({
        y: [...(canvas._fullData[0]?.y ?? [])],
        frames: canvas._transitionData._frames.length,
        problem: canvas.querySelector('.problem')?.textContent,
      }));
    }),
  );
  expect(seen).toEqual([
    { y: [], frames: 0 },
    { y: [1, 2], frames: 1 },
    { y: [1, 2], frames: 0 },
  ]);
  expect(complaints).toEqual([]);
});
