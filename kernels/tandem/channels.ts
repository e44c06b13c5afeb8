import { Worker } from 'node:worker_threads';
import type { RunState } from './run-state';
import type { Content, Header, Message } from './wire';

/** The connection file that Jupyter writes for a kernel. */
export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

export interface ChannelsData {
  readonly connection: Connection;
  readonly state: SharedArrayBuffer;
}

/** A message to send; its content is JSON already. */
export interface Outgoing {
  readonly channel: 'iopub' | 'shell' | 'control';
  readonly identities: readonly (Uint8Array | string)[];
  readonly type: string;
  readonly content: string;
  readonly parent?: Header;
}

export interface Incoming {
  readonly channel: 'shell' | 'control';
  readonly message: Message;
}

/**
 * Jupyter's channels, in a thread of their own: while the main thread is busy in a cell or in a
 * native call, output still leaves, the heart still beats, and an interrupt is still heard.
 */
export class Channels {
  readonly #worker: Worker;

  /** Binds the sockets; `receive` gets the messages of the shell and the control channel. */
  constructor(connection: Connection, state: RunState, receive: (incoming: Incoming) => void) {
    const workerData: ChannelsData = { connection, state: state.buffer };
    this.#worker = new Worker(require.resolve('./channels-thread'), { workerData });
    this.#worker.on('message', receive);
    // Without its channels a kernel is of no use to anyone.
    this.#worker.on('exit', (code) => {
      if (code !== 0) process.exit(code);
    });
  }

  /** Throws TypeError for content that JSON can't express. */
  send(outgoing: Omit<Outgoing, 'content'> & { readonly content: Content }): void {
    this.#worker.postMessage({ ...outgoing, content: JSON.stringify(outgoing.content) });
  }

  /** Sends what is waiting and closes the sockets. */
  async close(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.postMessage('close');
    await ended;
  }
}
