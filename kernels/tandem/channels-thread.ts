import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Publisher, Reply, Router } from 'zeromq';
import type { ChannelsData, Incoming, Outgoing } from './channels';
import { Interrupter } from './interrupter';
import { RunState } from './run-state';
import { StreamBuffer } from './stream-buffer';
import { Wire } from './wire';

const { connection, state } = workerData as ChannelsData;
const main = parentPort!;
const wire = new Wire(connection.key);
const interrupter = new Interrupter(new RunState(state));

/** Milliseconds for what was sent last to reach its reader. */
const linger = 1000;
const sockets = {
  iopub: new Publisher({ linger }),
  shell: new Router({ linger }),
  control: new Router({ linger }),
  stdin: new Router({ linger: 0 }),
  heartbeat: new Reply({ linger: 0 }),
};

/** ZeroMQ sockets take one message at a time. */
let sending: Promise<unknown> = Promise.resolve();
const send = ({ channel, identities, type, content, parent }: Outgoing): void => {
  const deliver = () => sockets[channel].send(wire.encode(identities, type, content, parent));
  sending = sending.then(deliver, deliver);
};
const streams = new StreamBuffer(send);

async function receive(channel: Incoming['channel']): Promise<void> {
  for await (const frames of sockets[channel]) {
    try {
      const message = wire.decode(frames);
      if (message.header.msg_type === 'interrupt_request') interrupter.interrupt();
      main.postMessage({ channel, message } satisfies Incoming);
    } catch (error) {
      console.error(`dropped: ${(error as Error).message}`);
    }
  }
}

async function beat(): Promise<void> {
  for await (const frames of sockets.heartbeat) await sockets.heartbeat.send(frames);
}

/** Ends this thread, in order: closed sockets still deliver what they hold. */
async function end(code: number): Promise<void> {
  for (const socket of Object.values(sockets)) socket.close();
  await sleep(100);
  process.exit(code);
}

async function close(): Promise<void> {
  streams.flush();
  await sending;
  await end(0);
}

/** A kernel whose server was killed would run for ever. */
function endWithServer(): void {
  const server = Number(process.env.JPY_PARENT_PID ?? 0);
  if (server !== process.ppid) return;
  setInterval(() => {
    if (process.ppid !== server) process.kill(process.pid, 'SIGKILL');
  }, 1000);
}

async function open(): Promise<void> {
  const { transport, ip } = connection;
  const address = (port: number) => `${transport}://${ip}:${port}`;
  await Promise.all([
    sockets.iopub.bind(address(connection.iopub_port)),
    sockets.shell.bind(address(connection.shell_port)),
    sockets.control.bind(address(connection.control_port)),
    sockets.stdin.bind(address(connection.stdin_port)),
    sockets.heartbeat.bind(address(connection.hb_port)),
  ]);
  main.on('message', (message: Outgoing | 'close') => {
    if (message === 'close') void close();
    else streams.add(message);
  });
  void receive('shell');
  void receive('control');
  void beat();
  endWithServer();
}

open().catch((error) => {
  writeSync(2, `The kernel can't open its channels: ${error.message}\n`);
  return end(1);
});
