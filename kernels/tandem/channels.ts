import { setTimeout as sleep } from 'node:timers/promises';
import { Reply, Router, XPublisher } from 'zeromq';
import { UserError } from '../../src/command/errors';
import { StreamBuffer } from './stream-buffer';
import { type Content, type Header, type Message, Wire } from './wire';

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

export interface Outgoing {
  readonly channel: 'iopub' | 'shell' | 'control' | 'stdin';
  readonly identities: readonly (Uint8Array | string)[];
  readonly type: string;
  readonly content: Content;
  readonly parent?: Header;
}

/** The channels on which a kernel receives requests. */
export type Channel = 'shell' | 'control' | 'stdin';

/** Milliseconds for the last messages to reach their reader. */
const linger = 1000;

/** Jupyter's channels: five ZeroMQ sockets. */
export class Channels {
  readonly #wire: Wire;
  readonly #sockets = {
    iopub: new XPublisher({ linger, verbosity: 'allSubs' }),
    shell: new Router({ linger }),
    control: new Router({ linger }),
    stdin: new Router({ linger }),
    heartbeat: new Reply({ linger: 0 }),
  };
  /** ZeroMQ sockets take one message at a time. */
  #sending: Promise<unknown> = Promise.resolve();
  readonly #streams = new StreamBuffer((message) => this.#deliver(message));

  constructor(private readonly connection: Connection) {
    this.#wire = new Wire(connection.key);
  }

  /** Binds the sockets; `receive` gets what comes in. Throws UserError if a port is taken. */
  async open(receive: (channel: Channel, message: Message) => void): Promise<void> {
    const { transport, ip, ...ports } = this.connection;
    const { iopub, shell, control, stdin, heartbeat } = this.#sockets;
    const address = (port: number) => `${transport}://${ip}:${port}`;
    try {
      await Promise.all([
        iopub.bind(address(ports.iopub_port)),
        shell.bind(address(ports.shell_port)),
        control.bind(address(ports.control_port)),
        stdin.bind(address(ports.stdin_port)),
        heartbeat.bind(address(ports.hb_port)),
      ]);
    } catch (error) {
      throw new UserError(`The kernel can't open its channels: ${(error as Error).message}`, 1);
    }
    for (const channel of ['shell', 'control', 'stdin'] as const) void this.#read(channel, receive);
    void this.#beat();
    void this.#welcome();
  }

  async #read(channel: Channel, receive: (channel: Channel, message: Message) => void) {
    for await (const frames of this.#sockets[channel]) {
      try {
        receive(channel, this.#wire.decode(frames));
      } catch (error) {
        console.error(`dropped: ${(error as Error).message}`);
      }
    }
  }

  async #beat(): Promise<void> {
    const { heartbeat } = this.#sockets;
    for await (const frames of heartbeat) await heartbeat.send(frames);
  }

  /** Tells each new subscriber that it misses nothing from here on. */
  async #welcome(): Promise<void> {
    for await (const [frame] of this.#sockets.iopub) {
      // 1 and the topic, or 0 and the topic where one leaves.
      if (frame?.[0] !== 1) continue;
      const subscription = frame.subarray(1).toString();
      const welcome = { type: 'iopub_welcome', content: { subscription } };
      this.send({ channel: 'iopub', identities: [subscription], ...welcome });
    }
  }

  send(message: Outgoing): void {
    this.#streams.add(message);
  }

  #deliver({ channel, identities, type, content, parent }: Outgoing): void {
    const frames = this.#wire.encode(identities, type, JSON.stringify(content), parent);
    const deliver = () => this.#sockets[channel].send(frames);
    this.#sending = this.#sending.then(deliver, deliver);
  }

  /** Sends what is waiting and closes the sockets, which still deliver what they hold. */
  async close(): Promise<void> {
    this.#streams.flush();
    await this.#sending;
    for (const socket of Object.values(this.#sockets)) socket.close();
    await sleep(100);
  }
}
