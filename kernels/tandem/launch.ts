/** Starts the kernel: `node launch.js <connection file>`. */
import { readFileSync } from 'node:fs';
import { projectRoot } from '../../src/paths';
import { Kernel } from './kernel';

async function main(): Promise<void> {
  const [, , connectionFile] = process.argv;
  if (!connectionFile) throw new Error('usage: launch.js <connection file>');
  const connection = JSON.parse(readFileSync(connectionFile, 'utf8'));
  // Cells resolve their imports from the project's root, wherever the notebook lies.
  process.chdir(projectRoot);
  await new Kernel(connection).start();
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
