import type { Browser } from 'playwright-core';
import { UserError } from '../../command/errors';
import { inProject } from '../../files/paths';

/** The path of the machine's Chromium, or of the one that TANDEM_CHROMIUM names. */
function findChromium(): string | undefined {
  return require(inProject('src/report/pages/chromium.js')).findChromium() ?? undefined;
}

/** @throws UserError if there is no Chromium. */
export function needChromium(what: string): void {
  if (findChromium()) return;
  throw new UserError(
    `${what} needs Chromium, which was not found: install it (Debian: apt-get install chromium), or set TANDEM_CHROMIUM to one.`,
  );
}

/** Runs work with a headless, offline browser; `signal` ends both. */
export async function withBrowser<T>(
  signal: AbortSignal | undefined,
  work: (browser: Browser) => Promise<T>,
): Promise<T> {
  const { chromium } = await import('playwright-core');
  signal?.throwIfAborted();
  const browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-gpu'],
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const end = () => void browser.close();
  signal?.addEventListener('abort', end, { once: true });
  try {
    return await work(browser);
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', end);
    await browser.close();
  }
}
