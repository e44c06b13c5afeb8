import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import '../outside';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts the machine's own Chromium without a window; TANDEM_CHROMIUM names another one. */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const executablePath = process.env.TANDEM_CHROMIUM ?? places.find((path) => existsSync(path));
  if (!executablePath) {
    throw new Error('The browser tests need Chromium (Debian: apt-get install chromium).');
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', ...args] });
}
