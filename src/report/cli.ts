import { loadMnist } from '../data';
import { UserError } from '../errors';
import { untilInterrupted } from '../interrupts';
import { help, readCall } from './call';
import { report } from './report';

/** The command `npm run report`; gives the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const call = readCall(argv);
    if (!call) {
      console.log(help);
      return 0;
    }
    // A damaged data file would fail every notebook; it is refused in one line before any runs.
    await loadMnist();
    return await untilInterrupted((signal) => report(call, signal));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.error(argv.includes('--verbose') ? error : error.message);
    return error.exitCode;
  }
}
