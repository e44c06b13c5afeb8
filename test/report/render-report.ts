import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../../src/files/paths';
import { digest, keep, surroundings } from '../python';
import { type Ended, runReport } from './run-report';

/** The report's own programs, of which its fingerprints of runs don't know. */
const programs = (): string[] => {
  const folder = inProject('dist/src/report');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js'))
    .sort()
    .map((name) => name + readFileSync(join(folder, name), 'utf8'));
};

/**
 * Runs the report for tests that look at what it writes. Successful runs of notebooks are kept in build/report-runs, and
 * used again as the report itself does: while cells, imports, kernel, data and versions are the same, and here the
 * report's programs, Python's packages, the processor and the environment too. `TANDEM_TEST_CACHE=0` runs them each time.
 */
export async function renderReport(output: string, ...args: string[]): Promise<Ended> {
  const own = join(output, '.cache');
  const kept = inProject('build/report-runs', digest([...surroundings(), ...programs()]));
  const use = process.env.TANDEM_TEST_CACHE !== '0';
  if (use && existsSync(kept)) cpSync(kept, own, { recursive: true });
  const ended = await runReport('--output', output, ...args);
  for (const name of use && existsSync(own) ? readdirSync(own) : []) {
    if (!existsSync(join(kept, name))) keep(join(kept, name), readFileSync(join(own, name)));
  }
  return ended;
}
