import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { Reply } from 'zeromq';

/**
 * Echoes the heartbeat from a thread of its own, so that a long native call in the main thread does
 * not make the kernel look dead. Returns a function that ends the thread.
 */
export function startHeartbeat(address: string): () => Promise<void> {
  const worker = new Worker(__filename, { workerData: { heartbeat: address } });
  worker.unref();
  return async () => {
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage('close');
    await ended;
  };
}

async function echo(address: string): Promise<void> {
  const socket = new Reply({ linger: 0 });
  parentPort?.once('message', () => socket.close());
  await socket.bind(address);
  for await (const frames of socket) await socket.send(frames);
}

if (!isMainThread && workerData?.heartbeat) void echo(workerData.heartbeat);
