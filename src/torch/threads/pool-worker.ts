/** What runs in each thread of a WorkerPool: calls the functions of a module, one after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { native } from '../native';
import { type Answer, packError, type Request, type Setting } from './messages';
import { fromShared, share } from './share';

type Functions = Record<string, unknown>;

const { module: url, numThreads } = workerData as Setting;
native.setNumThreads(numThreads);

// Not compiled to `require`, which takes no modules of the other kind.
const load: (url: string) => Promise<Functions & { default?: Functions }> = new Function(
  'url',
  'return import(url)',
) as never;
const functions = load(url);

async function answer({ name, args }: Request): Promise<Answer> {
  try {
    const exports = await functions;
    const run = exports[name] ?? exports.default?.[name];
    if (typeof run !== 'function') throw new TypeError(`${url} exports no function '${name}'`);
    return { value: share(await run(...(fromShared(args) as unknown[]))) };
  } catch (error) {
    return { error: packError(error) };
  }
}

parentPort!.on('message', async (request: Request) => {
  const given = await answer(request);
  try {
    parentPort!.postMessage(given);
  } catch (error) {
    parentPort!.postMessage({ error: packError(error) });
  }
});
