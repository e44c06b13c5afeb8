import { UserError } from '../command/errors';
import { untilInterrupted } from '../command/interrupts';
import { loadMnist } from '../data';
import { checkFullResults } from '../experiments/results';
import { readFullRun } from '../training/runs';
import { readCall } from './call';
import { report } from './report';

/** The command `npm run report`; returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const call = readCall(argv);
    // Damaged data would fail the notebooks, so it is reported before any of them runs.
    await loadMnist();
    readFullRun();
    checkFullResults();
    return await untilInterrupted((signal) => report(call, signal));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(argv.includes('--verbose') ? error : error.message);
    return error.exitCode;
  }
}
