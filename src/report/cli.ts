import { loadMnist } from '../data';
import { UserError } from '../errors';
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

/** Does work that SIGINT, SIGTERM and SIGHUP end; gives the exit code that a shell expects. */
const untilInterrupted = async (
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> => {
  const abort = new AbortController();
  const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
  const signals = Object.keys(codes) as (keyof typeof codes)[];
  let code = 0;
  const end = (signal: NodeJS.Signals) => {
    code = codes[signal as keyof typeof codes];
    abort.abort(new Error(`ended by ${signal}`));
  };
  for (const signal of signals) process.on(signal, end);
  try {
    return await work(abort.signal);
  } catch (error) {
    if (code === 0) throw error;
    console.error('\nInterrupted.');
    return code;
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
};
