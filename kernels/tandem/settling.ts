import { setTimeout as sleep } from 'node:timers/promises';

/** The most looks, one every ten milliseconds; Jupyter gives a kernel little more than two seconds to end. */
const looks = 200;

/** Pending work in the process that ends by itself: timers, reading and writing, child processes. */
const passing =
  /^(Timeout|Immediate|FSReq|ProcessWrap|TCPSocketWrap|TCPConnectWrap|GetAddrInfo|TLSWrap)/;

/** Resolves when no such work is pending, or the limit is reached. */
export async function settled(): Promise<undefined> {
  const isBusy = () => process.getActiveResourcesInfo().some((name) => passing.test(name));
  let look = 0;
  do await sleep(10, undefined, { ref: false });
  while (isBusy() && ++look < looks);
  return undefined;
}
