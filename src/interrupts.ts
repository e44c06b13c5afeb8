const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const signals = Object.keys(codes) as (keyof typeof codes)[];

/**
 * Does a command's work that SIGINT, SIGTERM and SIGHUP abort; gives its exit code, or the one that a
 * shell expects of an interrupted command, for which `note` is printed.
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
