/** Starts the kernel: `node launch.js <connection file> [javascript]`. */

import { readFileSync } from 'node:fs';
import { commandLine } from '../../src/command/command-line';
import { UserError } from '../../src/command/errors';
import { Kernel } from './kernel';

/** Otherwise a kernel would outlive its killed server. */
function endWithServer(): void {
  const server = Number(process.env.JPY_PARENT_PID ?? 0);
  if (server !== process.ppid) return;
  setInterval(() => {
    if (process.ppid !== server) process.exit(1);
  }, 1000);
}

async function main(): Promise<void> {
  const [, , connectionFile, language] = process.argv;
  if (!connectionFile) {
    throw new UserError(
      `The kernel is started by Jupyter, with a connection file: ${commandLine('lab')}.`,
    );
  }
  const connection = JSON.parse(readFileSync(connectionFile, 'utf8'));
  endWithServer();
  await new Kernel(connection, language === 'javascript' ? language : 'typescript').start();
}

main().catch((error) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exit(error instanceof UserError ? error.exitCode : 1);
});
