import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { versions } from 'tslab';
import { Publisher, Router } from 'zeromq';
import { inProject } from '../../src/paths';
import { Cells } from './cells';
import { startHeartbeat } from './heartbeat';
import { HeadlessRun } from './headless-run';
import { richly } from './rich';
import { type Content, type Message, protocolVersion, Wire } from './wire';

/** The connection file that Jupyter writes for a kernel. */
interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
}

type Reply = Content & { status: 'ok' | 'error' | 'aborted' };

const ok = (content: Content = {}): Reply => ({ status: 'ok', ...content });

/** The Tandem kernel: Jupyter's protocol around tslab's cells. */
export class Kernel {
  readonly #cells = new Cells();
  readonly #run = HeadlessRun.fromEnvironment();
  readonly #iopub = new Publisher({ linger: 1000 });
  readonly #shell = new Router({ linger: 1000 });
  readonly #control = new Router({ linger: 1000 });
  readonly #stdin = new Router({ linger: 0 });
  readonly #wire: Wire;
  readonly #queue: Message[] = [];
  #wake: () => void = () => {};
  /** The request to which output belongs, also output that comes after its cell has ended. */
  #parent: Message | undefined;
  #executionCount = 0;
  #sending: Promise<unknown> = Promise.resolve();
  #stopHeartbeat: () => Promise<void> = async () => {};

  constructor(private readonly connection: Connection) {
    this.#wire = new Wire(connection.key);
  }

  async start(): Promise<void> {
    const { transport, ip, ...ports } = this.connection;
    const address = (port: number) => `${transport}://${ip}:${port}`;
    await Promise.all([
      this.#iopub.bind(address(ports.iopub_port)),
      this.#shell.bind(address(ports.shell_port)),
      this.#control.bind(address(ports.control_port)),
      this.#stdin.bind(address(ports.stdin_port)),
    ]);
    this.#stopHeartbeat = startHeartbeat(address(ports.hb_port));
    this.#captureOutput();
    const { cells } = this;
    Object.assign(globalThis, {
      [Symbol.for('tandem.kernel')]: {
        display: (content: Content, update: boolean) =>
          this.#publish(update ? 'update_display_data' : 'display_data', content),
        headless: this.#run !== undefined,
        get signal() {
          return cells.signal;
        },
      },
    });
    process.on('SIGINT', () => cells.interrupt());
    const uncaught = (error: unknown) => {
      if (!cells.fail(error)) console.error('Unhandled after its cell had ended:', error);
    };
    process.on('uncaughtException', uncaught);
    process.on('unhandledRejection', uncaught);
    this.#publish('status', { execution_state: 'starting' });
    void this.#receive(this.#shell, (message) => {
      this.#queue.push(message);
      this.#wake();
    });
    void this.#receive(this.#control, (message) => void this.#serve(this.#control, message));
    setImmediate(() => this.#cells.warmUp());
    await this.#serveShell();
  }

  get cells(): Cells {
    return this.#cells;
  }

  async #receive(socket: Router, take: (message: Message) => void): Promise<void> {
    for await (const frames of socket) {
      try {
        take(this.#wire.decode(frames));
      } catch (error) {
        console.error(`dropped: ${(error as Error).message}`);
      }
    }
  }

  /** Shell requests are served strictly one after the other. */
  async #serveShell(): Promise<never> {
    for (;;) {
      const message = this.#queue.shift();
      if (message) await this.#serve(this.#shell, message);
      else await new Promise<void>((resolve) => { this.#wake = resolve; });
    }
  }

  async #serve(socket: Router, message: Message): Promise<void> {
    const onShell = socket === this.#shell;
    if (onShell) this.#parent = message;
    this.#publish('status', { execution_state: 'busy' }, message);
    const type = message.header.msg_type;
    let content: Reply | undefined;
    try {
      content = await this.#answer(type, message);
    } catch (error) {
      const { name, message: text } = error as Error;
      content = { status: 'error', ename: name, evalue: text, traceback: [] };
    }
    if (content) {
      const reply = this.#wire.encode(message.identities, type.replace('_request', '_reply'), content, message);
      await this.#send(() => socket.send(reply));
    }
    this.#publish('status', { execution_state: 'idle' }, message);
    if (type === 'shutdown_request') await this.#exit();
  }

  async #answer(type: string, message: Message): Promise<Reply | undefined> {
    const content = message.content as { code: string; cursor_pos: number; restart: boolean };
    switch (type) {
      case 'execute_request':
        return this.#execute(message);
      case 'kernel_info_request':
        return kernelInfo();
      case 'complete_request':
        return this.#complete(content.code, content.cursor_pos);
      case 'inspect_request': {
        const text = this.#cells.inspect(content.code, content.cursor_pos);
        return ok({ found: text !== null, data: text === null ? {} : { 'text/plain': text }, metadata: {} });
      }
      case 'is_complete_request': {
        const { completed, indent } = this.#cells.isComplete(content.code);
        return { ...(completed ? {} : { indent }), status: completed ? 'complete' : 'incomplete' } as never;
      }
      case 'comm_info_request':
        return ok({ comms: {} });
      case 'history_request':
        return ok({ history: [] });
      case 'interrupt_request':
        this.#cells.interrupt();
        return ok();
      case 'shutdown_request':
        return ok({ restart: content.restart });
      default:
        // Comms and unknown messages need no reply.
        return undefined;
    }
  }

  #complete(code: string, position: number): Reply {
    const { start, end, candidates } = this.#cells.complete(code, position);
    return ok({ matches: candidates, cursor_start: start, cursor_end: end, metadata: {} });
  }

  async #execute(message: Message): Promise<Reply> {
    const { code, silent, store_history, stop_on_error } = message.content as {
      code: string;
      silent?: boolean;
      store_history?: boolean;
      stop_on_error?: boolean;
    };
    if (this.#run && !this.#run.begin()) return { status: 'aborted', execution_count: this.#executionCount };
    if (!silent && store_history !== false) this.#executionCount++;
    const execution_count = this.#executionCount;
    if (!silent) this.#publish('execute_input', { code, execution_count }, message);
    const result = await this.#cells.execute(code);
    if (result.status === 'ok') {
      this.#run?.end();
      if (result.value !== undefined && !silent) {
        const data = await richly(result.value);
        this.#publish('execute_result', { data, metadata: {}, execution_count }, message);
      }
      return ok({ execution_count, user_expressions: {}, payload: [] });
    }
    this.#run?.end(result.failure);
    if (!silent) this.#publish('error', { ...result.failure }, message);
    if (stop_on_error !== false) await this.#abortQueue();
    return { status: 'error', execution_count, ...result.failure };
  }

  /** After a failed cell those that wait behind it are aborted, not run. */
  async #abortQueue(): Promise<void> {
    // Requests sent together arrive together; those on the wire get a moment to come in.
    await sleep(50);
    const waiting = this.#queue.splice(0);
    for (const message of waiting) {
      if (message.header.msg_type !== 'execute_request') {
        this.#queue.push(message);
        continue;
      }
      this.#publish('status', { execution_state: 'busy' }, message);
      const content = { status: 'aborted', execution_count: this.#executionCount };
      const reply = this.#wire.encode(message.identities, 'execute_reply', content, message);
      await this.#send(() => this.#shell.send(reply));
      this.#publish('status', { execution_state: 'idle' }, message);
    }
  }

  #publish(type: string, content: Content, parent = this.#parent): void {
    const frames = this.#wire.encode([type], type, content, parent);
    void this.#send(() => this.#iopub.send(frames));
  }

  /** ZeroMQ sockets take one message at a time. */
  #send(send: () => Promise<unknown>): Promise<unknown> {
    this.#sending = this.#sending.then(send, send);
    return this.#sending;
  }

  #captureOutput(): void {
    const capture = (name: 'stdout' | 'stderr') => {
      process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
        const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
        this.#publish('stream', { name, text });
        const done = rest.find((value) => typeof value === 'function') as (() => void) | undefined;
        done?.();
        return true;
      }) as typeof process.stdout.write;
    };
    capture('stdout');
    capture('stderr');
  }

  async #exit(): Promise<never> {
    await Promise.all([this.#sending, this.#stopHeartbeat()]);
    this.#cells.close();
    for (const socket of [this.#iopub, this.#shell, this.#control, this.#stdin]) socket.close();
    // Closed sockets still deliver what they hold.
    await sleep(100);
    process.exit(0);
  }
}

function kernelInfo(): Reply {
  const { version } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
  return ok({
    protocol_version: protocolVersion,
    implementation: 'tandem',
    implementation_version: version,
    language_info: {
      name: 'typescript',
      version: versions.typescript,
      mimetype: 'text/typescript',
      file_extension: '.ts',
      pygments_lexer: 'typescript',
      codemirror_mode: { name: 'javascript', mode: 'typescript', typescript: true },
      nbconvert_exporter: 'script',
    },
    banner: `Tandem ${version}: PyTorch and TensorFlow in TypeScript (tslab ${versions.tslab}, Node ${versions.node})`,
    help_links: [],
  });
}
