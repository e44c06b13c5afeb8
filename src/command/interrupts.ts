const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const signals = Object.keys(codes) as (keyof typeof codes)[];

/**
 * Runs a command's work, which SIGINT, SIGTERM and SIGHUP abort. Returns its exit code, or, if it was interrupted,
 * the one that a shell expects, after printing `note`.
 */
export async function untilInterrupted(
  work: (signal: AbortSignal) => Promise<number>,
  note: () => string = () => 'Interrupted.',
): Promise<number> {
  const abort = new AbortController();
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
    console.error(`\n${note()}`);
    return code;
  } finally {
    for (const signal of signals) process.off(signal, end);
  }
}
