/// <reference lib="dom" />
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { projectNotebooks } from '../../src/report/selection';
import { fixture, runReport } from '../report/run-report';
import { launchChromium } from './chromium';

jest.setTimeout(300_000);

let output: string;
let browser: Browser;

// All pages come from one smoke run: the project's notebooks, and one for each thing that a page
// can show.
beforeAll(async () => {
  output = mkdtempSync(join(tmpdir(), 'tandem-pages-'));
  const fixtures = ['passing', 'failing-cell'].map(fixture);
  const notebooks = [...projectNotebooks(), ...fixtures];
  const { code, errors } = await runReport(
    ...['--profile', 'smoke', '--output', output],
    ...notebooks,
  );
  expect(errors).toEqual([
    expect.stringContaining('failing-cell.ipynb, cell 2, line 2: RangeError: the rate must be above 0'),
  ]);
  expect(code).toBe(1);
  expect(pages()).toHaveLength(notebooks.length + 1);
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  rmSync(output, { recursive: true, force: true });
});

const pages = (): string[] => readdirSync(output).filter((file) => file.endsWith('.html'));

/** What a page asked for and complained of while `look` was at it. */
async function open(
  file: string,
  look: (page: Page) => Promise<void>,
  viewport = { width: 1400, height: 900 },
  colorScheme: 'light' | 'dark' = 'light',
): Promise<{ requests: string[]; complaints: string[] }> {
  const context = await browser.newContext({ offline: true, viewport, colorScheme });
  const page = await context.newPage();
  const address = pathToFileURL(join(output, file)).href;
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (url !== address && !url.startsWith('data:') && !url.startsWith('blob:')) requests.push(url);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(address);
  await look(page);
  await context.close();
  return { requests, complaints };
}

/** Waits until each plot shows all its traces; how many plots there are. */
async function drawnPlots(page: Page): Promise<number> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll('figure.plot')].every((figure) => {
      const { data } = JSON.parse(figure.querySelector('script')?.textContent ?? '{}');
      const drawn = figure.querySelectorAll('.trace, .hm, .im, .cn, .trace.bars');
      return data.length > 0 && drawn.length >= data.length;
    }),
  );
  return page.locator('figure.plot').count();
}

/** Moves the mouse over a plot until it tells a value; the text that it shows. */
async function hoverText(page: Page, index: number): Promise<string> {
  const plot = page.locator('figure.plot').nth(index);
  await plot.scrollIntoViewIfNeeded();
  const area = await plot.locator('.nsewdrag').first().boundingBox();
  if (!area) return '';
  const hover = plot.locator('.hoverlayer .hovertext');
  for (let step = 1; step < 20; step++) {
    for (const height of [0.5, 0.8, 0.95]) {
      await page.mouse.move(area.x + (area.width * step) / 20, area.y + area.height * height);
      await page.waitForTimeout(60);
      if ((await hover.count()) > 0) return (await hover.first().textContent()) ?? '';
    }
  }
  return '';
}

test('every page draws its plots, tells values on hover, asks for nothing and does not complain', async () => {
  let plots = 0;
  for (const file of pages()) {
    const seen = await open(file, async (page) => {
      const count = await drawnPlots(page);
      for (let index = 0; index < count; index++) {
        expect({ file, index, text: await hoverText(page, index) }).toEqual({
          file,
          index,
          text: expect.stringMatching(/\S/),
        });
      }
      plots += count;
    });
    expect({ file, ...seen }).toEqual({ file, requests: [], complaints: [] });
  }
  expect(plots).toBeGreaterThanOrEqual(2);
});

test('no page is wider than a phone, light or dark, nor heavier than 2.5 MB', async () => {
  for (const file of pages()) {
    expect(statSync(join(output, file)).size).toBeLessThan(2.5e6);
    for (const scheme of ['light', 'dark'] as const) {
      const look = async (page: Page) => {
        await drawnPlots(page);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect({ file, width }).toEqual({ file, width: 380 });
      };
      const seen = await open(file, look, { width: 380, height: 800 }, scheme);
      expect({ file, ...seen }).toEqual({ file, requests: [], complaints: [] });
    }
  }
});

test('text that looks like HTML stays text', async () => {
  await open('passing.html', async (page) => {
    await drawnPlots(page);
    await expect(page.locator('pre.stdout').first().textContent()).resolves.toContain(
      '<b>marks</b> & </script><script>alert(1)</script>',
    );
    await expect(page.locator('.legendtext').first().textContent()).resolves.toContain('</script>');
  });
});

test('a table, an error that was meant, and the provenance are on the page', async () => {
  await open('passing.html', async (page) => {
    expect(await page.locator('table.dataframe tbody td').allTextContents()).toEqual(
      expect.arrayContaining(['5923', '6742']),
    );
    expect(await page.locator('pre.error').textContent()).toContain('meant to fail');
    expect(await page.locator('.failed-banner').count()).toBe(0);
    const foot = await page.locator('.provenance').textContent();
    for (const fact of ['smoke', 'PyTorch', 'TensorFlow', 'UTC']) expect(foot).toContain(fact);
  });
});

test('a failed page says so, and leads to its cell', async () => {
  await open('failing-cell.html', async (page) => {
    await page.locator('.failed-banner a').click();
    expect(new URL(page.url()).hash).toBe('#cell-2');
    expect(await page.locator('#cell-2 pre.error').textContent()).toContain('RangeError');
  });
});

test('the index leads to every page and back', async () => {
  await open('index.html', async (page) => {
    const links = page.locator('.card h3 a');
    expect(await links.count()).toBe(pages().length - 1);
    for (const href of await links.evaluateAll((all) => all.map((a) => a.getAttribute('href')))) {
      expect(existsSync(join(output, decodeURIComponent(href ?? '')))).toBe(true);
    }
    await links.first().click();
    await page.locator('.bar .home').click();
    expect(page.url()).toMatch(/index\.html$/);
  });
});
