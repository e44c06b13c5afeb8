/// <reference lib="dom" />
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Locator, Page, Request } from 'playwright-core';
import { inProject } from '../../src/files/paths';
import { projectNotebooks } from '../../src/report/selection';
import { fixture } from '../report/fixture';
import { renderReport } from '../report/render-report';
import { launchChromium } from './chromium';

/** Milliseconds: nothing here is timed, and only what hangs meets this. */
const timeout = 180_000;

let output: string;
let browser: Browser;

// All pages come from one smoke run: the project's notebooks, and one for each thing that a page
// can show, for a failure, and for what must do no harm.
beforeAll(async () => {
  output = mkdtempSync(join(tmpdir(), 'tandem-pages-'));
  const harmful = inProject('test/browser/fixtures/harmful.ipynb');
  const notebooks = [...projectNotebooks(), fixture('passing'), fixture('failing-cell'), harmful];
  const { code, errors } = await renderReport(
    output,
    ...['--profile', 'smoke', '--timeout', '3000'],
    ...notebooks,
  );
  const missing = (cell: number) =>
    expect.stringContaining(`harmful.ipynb, cell ${cell} of 9: the picture "x" is missing`);
  expect(errors).toEqual([
    missing(1),
    missing(7),
    missing(8),
    expect.stringContaining(
      'failing-cell.ipynb, cell 2, line 2: RangeError: the rate must be above 0',
    ),
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

const wide = { width: 1400, height: 900 };
const phone = { width: 380, height: 800 };
const addressOf = (file: string): string => pathToFileURL(join(output, file)).href;

/** What a page asked for and complained of while `look` was at it; the network is off. */
async function open(
  file: string,
  look: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<{ requests: string[]; complaints: string[] }> {
  const context = await browser.newContext({
    offline: true,
    viewport: wide,
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(timeout);
  const requests: string[] = [];
  const complaints: string[] = [];
  const ask = (request: Request) => {
    const url = request.url();
    const own = url.startsWith(pathToFileURL(output).href) && url.endsWith('.html');
    if (!own && !url.startsWith('data:') && !url.startsWith('blob:')) requests.push(url);
  };
  page.on('requestfinished', ask);
  // What the page's own policy refuses is never sent.
  page.on('requestfailed', (request) => {
    if (request.failure()?.errorText !== 'csp') ask(request);
  });
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(addressOf(file));
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
  const hover = plot.locator('.hoverlayer');
  for (let step = 1; step < 20; step++) {
    for (const height of [0.5, 0.8, 0.95]) {
      await page.mouse.move(area.x + (area.width * step) / 20, area.y + area.height * height);
      const text = await told(hover);
      if (text) return text;
    }
  }
  return '';
}

/** The text of a plot's hover layer once Plotly has looked for what is under the mouse, which it does every 50 ms. */
const told = (hover: Locator): Promise<string> =>
  hover.evaluate(async (layer) => {
    for (let frames = 0; frames < 6 && !layer.textContent; frames++)
      await new Promise((resolve) => requestAnimationFrame(resolve));
    return layer.textContent ?? '';
  });

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds that is serious or worse, a line each. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    (
      globalThis as unknown as {
        axe: {
          run(): Promise<{
            violations: { id: string; impact: string; nodes: { html: string }[] }[];
          }>;
        };
      }
    ).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

/** Every plot tells a value where the mouse is. */
async function hoverPlots(page: Page, file: string): Promise<void> {
  const count = await drawnPlots(page);
  for (let index = 0; index < count; index++) {
    expect({ file, index, text: await hoverText(page, index) }).toEqual({
      file,
      index,
      text: expect.stringMatching(/\S/),
    });
  }
}

/** Changes the system's theme; resolves once the page and all its plots are drawn in it. */
async function changeTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  type Canvas = HTMLElement & { once(event: string, listener: () => void): void };
  await page.evaluate(() => {
    for (const canvas of document.querySelectorAll<Canvas>('figure.plot .canvas')) {
      canvas.once('plotly_react', () => canvas.setAttribute('redrawn', ''));
    }
  });
  await page.emulateMedia({ colorScheme: theme });
  await page.locator(`html[data-theme="${theme}"]`).waitFor();
  await page.waitForFunction(() => !document.querySelector('figure.plot .canvas:not([redrawn])'));
}

/** What every page must be however it is seen: its plots drawn, no wider than the screen; how many plots there are. */
async function expectFit(page: Page, file: string): Promise<number> {
  const plots = await drawnPlots(page);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect({ file, width }).toEqual({ file, width: page.viewportSize()!.width });
  return plots;
}

/** Does something for each item, three at once, so that one renders while another is waited for. */
async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const next = async (): Promise<void> => {
    const item = waiting.shift();
    if (item === undefined) return;
    await work(item);
    await next();
  };
  await Promise.all([next(), next(), next()]);
}

describe.each([
  { theme: 'light', other: 'dark', width: 'wide', viewport: wide },
  { theme: 'dark', other: 'light', width: 'phone', viewport: phone },
] as const)('on a $width screen, first in the $theme theme', ({ theme, other, viewport }) => {
  test('every page draws its plots, fits, requests nothing, logs nothing and is accessible', async () => {
    let plots = 0;
    const files = pages().filter((name) => name !== 'harmful.html');
    await forEach(files, async (file) => {
      const look = async (page: Page) => {
        plots += await expectFit(page, file);
        expect({ file, barriers: await barriers(page) }).toEqual({ file, barriers: [] });
        if (viewport === wide) await hoverPlots(page, file);
        await changeTheme(page, other);
        await expectFit(page, file);
      };
      const seen = await open(file, look, { viewport, colorScheme: theme });
      expect({ file, ...seen }).toEqual({ file, requests: [], complaints: [] });
    });
    expect(plots).toBeGreaterThanOrEqual(10);
  });
});

test('no page weighs more than 2.5 MB', () => {
  for (const file of pages()) {
    const { size } = statSync(join(output, file));
    expect({ file, light: size <= 2.5e6 }).toEqual({ file, light: true });
  }
});

test('plots tell values beside what must do no harm as well', async () => {
  await open('harmful.html', (page) => hoverPlots(page, 'harmful.html'));
});

test('every plot says in words what it shows', async () => {
  await open('05-comparison.html', async (page) => {
    const plot = page.locator('figure.plot').first();
    const words = await plot.locator('svg[role="img"]').getAttribute('aria-label');
    expect(words).toMatch(/TensorFlow: training 0\.\d{4} to 0\.\d{4}, validation/);
    await plot.getByText('In words').click();
    expect(await plot.locator('details p').textContent()).toBe(words);
  });
});

test('panels go below each other where the page becomes narrow, and beside each other again', async () => {
  await open('05-comparison.html', async (page) => {
    await drawnPlots(page);
    const panels = (below: boolean) =>
      page.waitForFunction((expected) => {
        const plot = document.querySelector('figure.plot')!;
        const [one, two] = [...plot.querySelectorAll('.nsewdrag')].map((area) =>
          area.getBoundingClientRect(),
        );
        const inside = two!.right <= innerWidth;
        return inside && (expected ? two!.top > one!.bottom : two!.left > one!.right);
      }, below);
    await panels(false);
    await page.setViewportSize(phone);
    await panels(true);
    await page.setViewportSize(wide);
    await panels(false);
  });
});

test('code is folded behind its hint; a cell unfolds by itself, all by the page’s switch', async () => {
  await open('01-mnist.html', async (page) => {
    const cells = page.locator('details.code');
    const openCells = () =>
      cells.evaluateAll((all) => all.filter((cell) => 'open' in cell && cell.open).length);
    const count = await cells.count();
    expect(count).toBeGreaterThan(5);
    expect(await openCells()).toBe(0);
    await expect(cells.nth(1).locator('.hint').textContent()).resolves.toMatch(/console\.log/);
    await cells.nth(1).locator('summary').focus();
    await page.keyboard.press('Enter');
    expect(await openCells()).toBe(1);
    expect(await cells.nth(1).locator('.input').textContent()).toContain('await loadMnist()');

    const all = page.getByRole('button', { name: /all code/ });
    expect(await all.textContent()).toMatch(/Show/);
    await all.click();
    expect(await openCells()).toBe(count);
    await page.locator('.code-switch[aria-pressed="true"]').click();
    await page.locator('.code-switch[aria-pressed="false"]').waitFor();
    expect(await openCells()).toBe(0);
  });
});

test('cells that the notebook is about are shown at once', async () => {
  await open('02-frameworks.html', async (page) => {
    const code = page.locator('details.code[open] .input', { hasText: 'q.sum().backward()' });
    expect(await code.isVisible()).toBe(true);
  });
});

test('a copy button copies the code of its cell', async () => {
  await open('01-mnist.html', async (page) => {
    const cell = page.locator('.code-cell').nth(1);
    await cell.locator('summary').click();
    // It says so for a moment only.
    const copied = cell.getByRole('button', { name: 'Copied' }).waitFor();
    await cell.getByRole('button', { name: 'Copy' }).click();
    await copied;
    await page.evaluate(() => {
      const area = document.createElement('textarea');
      document.body.append(area);
      area.focus();
    });
    await page.keyboard.press('Control+V');
    expect(await page.locator('body > textarea').inputValue()).toMatch(
      /^import \{ loadMnist \} from 'tandem\/data';\n\n[^$]*await loadMnist\(\);/,
    );
  });
});

test('the contents list the sections, mark the one that is read, and lead there', async () => {
  await open('01-mnist.html', async (page) => {
    await drawnPlots(page);
    const links = page.locator('.contents a');
    const titles = await page
      .locator('main h2')
      .evaluateAll((all) => all.map((heading) => heading.textContent!.replace('#', '').trim()));
    expect(await links.allTextContents()).toEqual(titles);
    expect(titles.length).toBeGreaterThan(3);

    const current = page.locator('.contents a[aria-current]');
    expect(await current.count()).toBe(0);
    await page.getByRole('heading', { name: titles[2] }).evaluate((heading) => {
      scrollTo(0, heading.getBoundingClientRect().top + scrollY - 100);
    });
    await current.filter({ hasText: titles[2] }).waitFor();
    await links.nth(1).click();
    await current.filter({ hasText: titles[1] }).waitFor();
    expect(decodeURIComponent(new URL(page.url()).hash)).toBe(
      `#${titles[1]!.replaceAll(' ', '-')}`,
    );
  });
});

test('on a phone the contents are folded, and fold again when a section is chosen', async () => {
  const look = async (page: Page) => {
    const contents = page.locator('.contents details');
    expect(await contents.getAttribute('open')).toBeNull();
    await contents.locator('summary').click();
    await contents.locator('a').nth(1).click();
    await page.locator('.contents details:not([open])').waitFor();
  };
  await open('01-mnist.html', look, { viewport: phone });
});

test('the theme is the system’s until the reader chooses, is remembered on all pages, and recolours plots', async () => {
  const look = async (page: Page) => {
    await drawnPlots(page);
    const shown = () =>
      page.evaluate(() => {
        const { backgroundColor } = getComputedStyle(document.body);
        const title = document.querySelector('.plot .ytitle')!;
        return { page: backgroundColor, axis: getComputedStyle(title).fill };
      });
    const light = await shown();
    await page.getByRole('button', { name: 'Switch to the dark theme' }).click();
    await page.waitForFunction(
      (before) => getComputedStyle(document.querySelector('.plot .ytitle')!).fill !== before,
      light.axis,
    );
    const dark = await shown();
    expect(dark.page).not.toBe(light.page);

    await page.goto(addressOf('index.html'));
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByRole('button', { name: 'Switch to the light theme' }).click();
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    // What the system says is followed again once the reader agrees with it.
    await page.getByRole('button', { name: 'Switch to the dark theme' }).click();
    await page.emulateMedia({ colorScheme: 'light' });
    await page.locator('html[data-theme="light"]').waitFor();
  };
  await open('03-tensorflow-model.html', look);
});

test('the first key leads past the bar, and headings have links to themselves', async () => {
  await open('01-mnist.html', async (page) => {
    await page.keyboard.press('Tab');
    const skip = page.locator('.skip');
    expect(await skip.evaluate((link) => link === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.hash === '#main');
    await page.getByRole('link', { name: 'Link to “Loading”' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.hash === '#Loading');
  });
});

test('on paper the page is light, without its switches, and plots fit', async () => {
  const look = async (page: Page) => {
    await drawnPlots(page);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('.bar').isVisible()).toBe(false);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(
      'rgb(255, 255, 255)',
    );
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.waitForFunction(
      () => document.querySelector('.plot .main-svg')!.getBoundingClientRect().width < 660,
    );
  };
  await open('05-comparison.html', look, { colorScheme: 'dark' });
});

test('HTML in an output can’t run, load, send, restyle or redirect anything, on its page or in the index', async () => {
  for (const file of ['harmful.html', 'index.html']) {
    const look = async (page: Page) => {
      await drawnPlots(page);
      await page.waitForTimeout(500);
      expect(page.url()).toBe(addressOf(file));
      expect(await page.locator('body').isVisible()).toBe(true);
      if (file === 'index.html') {
        const tried = page.locator('.card', { hasText: 'that means harm' });
        expect(await tried.locator('img[onerror], script').count()).toBe(0);
        return;
      }
      expect(await page.locator('#shown').textContent()).toBe('a table might be here');
      await page.locator('#trap').click();
      await page.locator('#send').click();
      expect(page.url()).toBe(addressOf(file));
      expect(await page.locator('pre.stdout').textContent()).toContain(
        '"\'></script><script>alert(4)</script><img src=x onerror=alert(5)>',
      );
    };
    const { requests, complaints } = await open(file, look);
    expect({ file, requests }).toEqual({ file, requests: [] });
    expect(complaints.filter((text) => !/Content Security Policy/.test(text))).toEqual([]);
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
    for (const fact of ['smoke', 'Seed', 'Duration', 'PyTorch', 'TensorFlow', 'UTC']) {
      expect(foot).toContain(fact);
    }
  });
});

test('formulas are drawn without a script', async () => {
  const look = async (page: Page) => {
    expect((await page.locator('main > .prose').allTextContents()).join()).not.toContain('$');
    const [inLine, own] = [page.locator('math').first(), page.locator('math[display="block"]')];
    expect(await inLine.textContent()).toBe('N');
    expect(await own.textContent()).toBe('L=−1N∑i=1Nln\u2061pi');
    const heights = [await inLine.boundingBox(), await own.boundingBox()].map((box) => box!.height);
    expect(heights[1]).toBeGreaterThan(1.6 * heights[0]!);
  };
  await open('03-tensorflow-model.html', look, { javaScriptEnabled: false });
});

test('verdicts are a list with their evidence, on the notebook’s page as on the index', async () => {
  const texts: string[][] = [];
  for (const file of ['05-comparison.html', 'index.html']) {
    await open(file, async (page) => {
      texts.push(await page.locator('.verdicts li').allTextContents());
      expect(await page.locator('.verdicts .badge.bad').first().textContent()).toBe(
        '✕ does not hold',
      );
    });
  }
  expect(texts[0]!.length).toBeGreaterThanOrEqual(5);
  const plain = (text: string) => text.replace(/[’']/g, "'").replace(/\s+/g, ' ');
  expect(texts[0]!.map(plain)).toEqual(texts[1]!.map(plain));
});

test('code that is printed is wrapped, and what is folded stays out', async () => {
  await open('02-frameworks.html', async (page) => {
    await page.setViewportSize({ width: 660, height: 900 });
    await page.emulateMedia({ media: 'print' });
    const blocks = await page.locator('.input').evaluateAll((all) =>
      all.map((block) => ({
        seen: block.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }),
        cut: block.scrollWidth > block.clientWidth + 1,
      })),
    );
    expect(blocks.filter(({ seen }) => seen)).toHaveLength(3);
    expect(blocks.length).toBeGreaterThan(3);
    expect(blocks.filter(({ cut }) => cut)).toEqual([]);
  });
});

test('columns of text stand at the left, of numbers at the right', async () => {
  await open('05-comparison.html', async (page) => {
    const alignment = (text: string) =>
      page
        .locator('.output td', { hasText: text })
        .first()
        .evaluate((cell) => getComputedStyle(cell).textAlign);
    expect(await alignment('imageSize')).toBe('left');
    expect(await alignment('97.61 %')).toBe('right');
  });
});

test('a failed page says so, and leads to its cell, whose code is shown', async () => {
  await open('failing-cell.html', async (page) => {
    await page.locator('.failed-banner a').click();
    await page.waitForURL((url) => url.hash === '#cell-2');
    expect(await page.locator('#cell-2 pre.error').textContent()).toContain('RangeError');
    expect(await page.locator('#cell-2 .input').isVisible()).toBe(true);
  });
});

test('the index shows the state of the run, the main figure, and each verdict with its evidence', async () => {
  await open('index.html', async (page) => {
    await drawnPlots(page);
    const state = await page.locator('.run').textContent();
    for (const fact of [/1 of \d+ notebooks failed/, /profile smoke/, /seed 0/, /UTC/]) {
      expect(state).toMatch(fact);
    }
    const main = page.locator('figure.main');
    expect(await main.locator('figcaption').textContent()).toMatch(/^Loss by epoch/);
    const verdicts = page.locator('.verdicts li');
    expect(await verdicts.count()).toBeGreaterThanOrEqual(5);
    const first = await verdicts.first().textContent();
    expect(first).toMatch(/same layers and hyper-parameters.*does not hold.*differ in \d+/s);
  });
});

test('each notebook has a card with its picture, which leads to its page and back', async () => {
  await open('index.html', async (page) => {
    const links = page.locator('.card h3 a');
    expect(await links.count()).toBe(pages().length - 1);
    for (const href of await links.evaluateAll((all) => all.map((a) => a.getAttribute('href')))) {
      expect(existsSync(join(output, decodeURIComponent(href ?? '')))).toBe(true);
    }
    for (const title of ['The handwritten digits', 'Two frameworks', 'Comparing the two']) {
      const heading = page.getByRole('heading', { name: title });
      const card = page.locator('.card', { has: heading });
      expect(await card.locator('.picture :is(svg, img)').count()).toBeGreaterThan(0);
    }
    expect(await page.locator('.card.failed').textContent()).toContain('RangeError');
    await links.first().click();
    await page.locator('.bar .home').click();
    expect(page.url()).toMatch(/index\.html$/);
  });
});
