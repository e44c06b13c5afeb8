import { readFileSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { inProject } from '../../src/paths';
import { Cells } from './cells';
import { Channels, type Connection, type Incoming } from './channels';
import { toCharacters, toUnits } from './cursor';
import { HeadlessRun } from './headless-run';
import { RunState } from './run-state';
import { routeDisplay, versions } from './tslab';
import { type Content, type Message, protocolVersion } from './wire';

type Reply = Content & { status: 'ok' | 'error' | 'aborted' };

const ok = (content: Content = {}): Reply => ({ status: 'ok', ...content });

/** Milliseconds for requests that were sent together with one that failed to arrive. */
const arrival = 50;

/** The Tandem kernel: Jupyter's protocol around tslab's cells. */
export class Kernel {
  readonly #state = new RunState();
  readonly #cells = new Cells(this.#state);
  readonly #run = HeadlessRun.fromEnvironment();
  readonly #channels: Channels;
  readonly #queue: Message[] = [];
  /** Requests that an earlier one's failure has aborted. */
  readonly #aborted: Message[] = [];
  readonly #history: [session: number, line: number, code: string][] = [];
  #wake: () => void = () => {};
  /** The request to which output belongs, also output that comes after its cell has ended. */
  #parent: Message | undefined;
  #serving = false;
  #silent = false;
  #executionCount = 0;

  constructor(connection: Connection) {
    this.#channels = new Channels(connection, this.#state, (incoming) => this.#receive(incoming));
  }

  async start(): Promise<void> {
    this.#captureOutput();
    const { cells } = this;
    const display = (content: Content, update: boolean) =>
      this.#output(update ? 'update_display_data' : 'display_data', content);
    routeDisplay(display);
    Object.assign(globalThis, {
      [Symbol.for('tandem.kernel')]: {
        display,
        clearOutput: (wait = false) => this.#output('clear_output', { wait }),
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
    setImmediate(() => this.#cells.warmUp());
    await this.#serveShell();
  }

  get cells(): Cells {
    return this.#cells;
  }

  #receive({ channel, message }: Incoming): void {
    if (channel === 'control') {
      void this.#serve(channel, message);
      return;
    }
    this.#queue.push(message);
    this.#wake();
  }

  /** Shell requests are served strictly one after the other. */
  async #serveShell(): Promise<never> {
    for (;;) {
      const message = this.#queue.shift();
      if (message) {
        this.#parent = message;
        this.#serving = true;
        await this.#serve('shell', message);
        this.#serving = false;
        for (const behind of this.#aborted.splice(0)) this.#abort(behind);
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async #serve(channel: Incoming['channel'], message: Message): Promise<void> {
    this.#publish('status', { execution_state: 'busy' }, message);
    const type = message.header.msg_type;
    let content: Reply | undefined;
    try {
      content = await this.#answer(type, message);
    } catch (error) {
      const { name, message: text } = error as Error;
      content = { status: 'error', ename: name, evalue: text, traceback: [] };
    }
    if (content) this.#reply(channel, message, content);
    this.#publish('status', { execution_state: 'idle' }, message);
    // A front end takes the last status for the kernel's: a running cell goes on.
    if (channel === 'control' && this.#serving)
      this.#publish('status', { execution_state: 'busy' });
    if (type === 'shutdown_request') await this.#exit();
  }

  #reply(channel: Incoming['channel'], message: Message, content: Reply): void {
    const { identities, header: parent } = message;
    const type = parent.msg_type.replace('_request', '_reply');
    this.#channels.send({ channel, identities, type, content, parent });
  }

  async #answer(type: string, message: Message): Promise<Reply | undefined> {
    const content = message.content as {
      code: string;
      cursor_pos: number;
      restart: boolean;
      n?: number;
      comm_id: string;
    };
    switch (type) {
      case 'execute_request':
        return this.#execute(message);
      case 'kernel_info_request':
        return kernelInfo();
      case 'complete_request':
        return this.#complete(content.code, content.cursor_pos);
      case 'inspect_request': {
        const position = toUnits(content.code, content.cursor_pos);
        const data = this.#cells.inspect(content.code, position);
        return ok({ found: data !== undefined, data: data ?? {}, metadata: {} });
      }
      case 'is_complete_request': {
        const { completed, indent } = this.#cells.isComplete(content.code);
        const status = completed ? 'complete' : 'incomplete';
        return { ...(completed ? {} : { indent }), status } as never;
      }
      case 'comm_info_request':
        return ok({ comms: {} });
      case 'comm_open':
        // No target is known here; the protocol's answer to that is to close.
        this.#publish('comm_close', { comm_id: content.comm_id, data: {} }, message);
        return undefined;
      case 'history_request':
        return ok({ history: content.n ? this.#history.slice(-content.n) : this.#history });
      case 'interrupt_request':
        this.#cells.interrupt();
        return ok();
      case 'shutdown_request':
        return ok({ restart: content.restart });
      default:
        // Unknown messages need no reply.
        return undefined;
    }
  }

  #complete(code: string, position: number): Reply {
    const completion = this.#cells.complete(code, toUnits(code, position));
    const start = toCharacters(code, completion.start);
    const end = toCharacters(code, completion.end);
    const kinds = new Map(completion.original?.entries.map(({ name, kind }) => [name, kind]));
    const types = completion.candidates.map((text) => ({
      text,
      type: kinds.get(text),
      start,
      end,
    }));
    return ok({
      matches: completion.candidates,
      cursor_start: start,
      cursor_end: end,
      // The name under which JupyterLab looks for the kinds.
      metadata: { _jupyter_types_experimental: types },
    });
  }

  async #execute(message: Message): Promise<Reply> {
    const { code, silent, store_history, stop_on_error, user_expressions } = message.content as {
      code: string;
      silent?: boolean;
      store_history?: boolean;
      stop_on_error?: boolean;
      user_expressions?: Record<string, string>;
    };
    if (this.#run && !this.#run.begin())
      return { status: 'aborted', execution_count: this.#executionCount };
    if (!silent && store_history !== false) {
      this.#history.push([1, ++this.#executionCount, code]);
    }
    const execution_count = this.#executionCount;
    this.#silent = silent === true;
    this.#output('execute_input', { code, execution_count });
    const result = await this.#cells.execute(code, execution_count);
    if (result.status === 'ok') {
      this.#run?.end();
      const { data } = result;
      if (data) this.#output('execute_result', { data, metadata: {}, execution_count });
      const expressions = await this.#evaluate(user_expressions ?? {});
      return ok({ execution_count, user_expressions: expressions, payload: [] });
    }
    this.#run?.end(result.failure);
    if (stop_on_error !== false) await this.#abortQueue();
    this.#output('error', { ...result.failure });
    return { status: 'error', execution_count, ...result.failure };
  }

  async #evaluate(expressions: Record<string, string>): Promise<Content> {
    const values: Content = {};
    for (const [name, code] of Object.entries(expressions)) {
      const result = await this.#cells.execute(code, 0);
      values[name] =
        result.status === 'ok'
          ? ok({ data: result.data ?? { 'text/plain': 'undefined' }, metadata: {} })
          : { status: 'error', ...result.failure };
    }
    return values;
  }

  /**
   * After a failed cell those that wait behind it are aborted, not run: those sent before anyone
   * could know of the failure.
   */
  async #abortQueue(): Promise<void> {
    await sleep(arrival);
    for (const message of this.#queue.splice(0)) {
      const runs = message.header.msg_type === 'execute_request';
      (runs ? this.#aborted : this.#queue).push(message);
    }
  }

  #abort(message: Message): void {
    this.#publish('status', { execution_state: 'busy' }, message);
    this.#reply('shell', message, { status: 'aborted', execution_count: this.#executionCount });
    this.#publish('status', { execution_state: 'idle' }, message);
  }

  /** Publishes what a cell puts out, unless it is to run silently. */
  #output(type: string, content: Content): void {
    if (!this.#silent) this.#publish(type, content);
  }

  #publish(type: string, content: Content, parent = this.#parent): void {
    const identities = [type];
    this.#channels.send({ channel: 'iopub', identities, type, content, parent: parent?.header });
  }

  #captureOutput(): void {
    const capture = (name: 'stdout' | 'stderr') => {
      const decoder = new StringDecoder('utf8');
      process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
        const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
        if (text !== '') this.#output('stream', { name, text });
        const done = rest.find((value) => typeof value === 'function') as (() => void) | undefined;
        done?.();
        return true;
      }) as typeof process.stdout.write;
    };
    capture('stdout');
    capture('stderr');
  }

  async #exit(): Promise<never> {
    this.#cells.close();
    await this.#channels.close();
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
