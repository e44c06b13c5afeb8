/** Starts the kernel: `node launch.js <connection file>`. */
import { readFileSync } from 'node:fs';
import { UserError } from '../../src/errors';
import { projectRoot } from '../../src/paths';
import { Kernel } from './kernel';

async function main(): Promise<void> {
  const [, , connectionFile] = process.argv;
  if (!connectionFile) {
    throw new UserError('The kernel is started by Jupyter, with a connection file: npm run lab.');
  }
  const connection = JSON.parse(readFileSync(connectionFile, 'utf8'));
  // Cells resolve their imports from the project's root, wherever the notebook lies.
  process.chdir(projectRoot);
  await new Kernel(connection).start();
}

main().catch((error) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exit(error instanceof UserError ? error.exitCode : 1);
});
