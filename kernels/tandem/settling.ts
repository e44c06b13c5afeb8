import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds that work left by cells may take; Jupyter gives a kernel little more to end. */
const limit = 2000;

/** Pending work in the process that ends by itself: timers, reading and writing, child processes. */
const passing =
  /^(Timeout|Immediate|FSReq|ProcessWrap|TCPSocketWrap|TCPConnectWrap|GetAddrInfo|TLSWrap)/;

/** Resolves when no such work is pending, or the limit is reached. */
export async function settled(): Promise<undefined> {
  const end = performance.now() + limit;
  const isBusy = () => process.getActiveResourcesInfo().some((name) => passing.test(name));
  do await sleep(10, undefined, { ref: false });
  while (isBusy() && performance.now() < end);
  return undefined;
}
