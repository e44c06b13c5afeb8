import { setTimeout as sleep } from 'node:timers/promises';
import type { CellFailure } from './cell-error';
import { CellProcess } from './cell-process';
import type { CellResult } from './cells';
import { type Channel, Channels, type Connection } from './channels';
import { CompilerProcess } from './compiler-process';
import type { Crash } from './crash';
import { toCharacters, toUnits } from './cursor';
import { HeadlessRun } from './headless-run';
import { History, type HistoryRequest } from './history';
import { kernelInfo, type Language } from './kernel-info';
import { OutputLimit } from './output-limit';
import type { Content, Message } from './wire';

type Reply = Content & { status: 'ok' | 'error' | 'aborted' };

const ok = (content: Content = {}): Reply => ({ status: 'ok', ...content });

/** Milliseconds to wait for the requests that were sent together with one that failed. */
const arrival = 50;

interface Execute {
  readonly code: string;
  readonly silent?: boolean;
  readonly store_history?: boolean;
  readonly stop_on_error?: boolean;
  readonly allow_stdin?: boolean;
  readonly user_expressions?: Record<string, string>;
}

/** The Tandem kernel: Jupyter's protocol around the process that runs the cells and the one that compiles them. */
export class Kernel {
  readonly #channels: Channels;
  readonly #cells: CellProcess;
  readonly #compiler: CompilerProcess;
  readonly #run = HeadlessRun.fromEnvironment();
  readonly #history = new History();
  readonly #limit = new OutputLimit(this.#run?.outputs);
  /** The execute requests that are waiting. */
  readonly #queue: Message[] = [];
  /** The requests that a failure has aborted; their replies follow the failed one's. */
  readonly #aborted: Message[] = [];
  /** The running cell. */
  #running: Message | undefined;
  /** The cell to which output belongs, also output that comes after its end. */
  #parent: Message | undefined;
  #answered: (text: string) => void = () => {};
  #silent = false;
  #executionCount = 0;

  constructor(
    connection: Connection,
    private readonly language: Language,
  ) {
    this.#channels = new Channels(connection);
    this.#compiler = new CompilerProcess(language);
    this.#cells = new CellProcess(language, {
      output: (type, content) => this.#output(type, content),
      ask: (prompt) => this.#ask(prompt),
      compile: (code) => this.#compiler.ask('compile', code),
      keep: (code) => this.#compiler.keep(code),
      crashed: (crash, idle) => {
        this.#compiler.forget();
        if (idle) this.#tell(crash);
      },
      failedLate: (failure) => this.#run?.failLate(failure),
    });
  }

  /** Opens the channels and serves them until the kernel is shut down. */
  async start(): Promise<void> {
    process.on('SIGINT', () => this.#interrupt());
    process.on('SIGTERM', () => process.exit(0));
    await this.#channels.open((channel, message) => this.#receive(channel, message));
    this.#publish('status', { execution_state: 'starting' });
  }

  #receive(channel: Channel, message: Message): void {
    const type = message.header.msg_type;
    if (channel === 'stdin') {
      if (type === 'input_reply') this.#answered(String(message.content.value));
    } else if (type === 'execute_request') {
      this.#queue.push(message);
      if (!this.#running) void this.#serveQueue();
    } else {
      void this.#serve(channel, message);
    }
  }

  /** Cells run one after the other; all other requests are answered meanwhile. */
  async #serveQueue(): Promise<void> {
    for (let message = this.#queue.shift(); message; message = this.#queue.shift()) {
      this.#running = message;
      this.#parent = message;
      await this.#serve('shell', message);
      this.#running = undefined;
      for (const behind of this.#aborted.splice(0)) this.#abort(behind);
    }
  }

  async #serve(channel: Channel, message: Message): Promise<void> {
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
    // A front end shows the last status, and a cell is still running.
    if (this.#running && message !== this.#running)
      this.#publish('status', { execution_state: 'busy' }, this.#running);
    if (type === 'shutdown_request') await this.#exit();
  }

  #reply(channel: Channel, message: Message, content: Reply): void {
    const { identities, header: parent } = message;
    const type = parent.msg_type.replace('_request', '_reply');
    this.#channels.send({ channel, identities, type, content, parent });
  }

  async #answer(type: string, message: Message): Promise<Reply | undefined> {
    const content = message.content as never as { code: string; cursor_pos: number };
    const { code } = content;
    const position = () => toUnits(code, content.cursor_pos);
    switch (type) {
      case 'execute_request':
        return this.#execute(message.content as never as Execute);
      case 'kernel_info_request':
        return ok(kernelInfo(this.language));
      case 'complete_request':
        return this.#complete(code, position());
      case 'inspect_request': {
        const data = await this.#compiler.ask('inspect', code, position());
        return ok({ found: data !== undefined, data: data ?? {}, metadata: {} });
      }
      case 'is_complete_request':
        return { ...(await this.#compiler.ask('isComplete', code)) } as never;
      case 'history_request':
        return ok(this.#history.find(message.content as never as HistoryRequest));
      case 'comm_info_request':
        return ok({ comms: {} });
      case 'comm_open':
        // There are no comm targets here; the protocol's answer is to close.
        this.#publish('comm_close', { comm_id: message.content.comm_id, data: {} }, message);
        return undefined;
      case 'interrupt_request':
        this.#interrupt();
        return ok();
      case 'shutdown_request':
        return ok({ restart: message.content.restart });
      case 'debug_request':
        return debugRefusal(message.content) as never;
      default:
        // Unknown messages need no reply.
        return undefined;
    }
  }

  #interrupt(): void {
    this.#compiler.interrupt();
    this.#cells.interrupt();
  }

  async #complete(code: string, position: number): Promise<Reply> {
    const found = await this.#compiler.ask('complete', code, position);
    const start = toCharacters(code, found.start);
    const end = toCharacters(code, found.end);
    return ok({
      matches: found.candidates.map(({ text }) => text),
      cursor_start: start,
      cursor_end: end,
      metadata: {
        // The name under which JupyterLab looks for the kinds.
        _jupyter_types_experimental: found.candidates.map(({ text, kind }) => ({
          ...{ text, type: kind, start, end },
        })),
      },
    });
  }

  async #execute(request: Execute): Promise<Reply> {
    const { code, silent = false, store_history, stop_on_error, user_expressions = {} } = request;
    if (this.#run && !this.#run.begin())
      return { status: 'aborted', execution_count: this.#executionCount };
    const stored = !silent && store_history !== false;
    if (stored) this.#history.add(++this.#executionCount, code);
    const execution_count = this.#executionCount;
    this.#silent = silent;
    this.#limit.begin(execution_count);
    this.#output('execute_input', { code, execution_count });
    const result = await this.#result(code, execution_count);
    const note = this.#limit.end();
    if (note) this.#publish('stream', note);
    if (result.status === 'ok') {
      this.#run?.end();
      const { data } = result;
      if (data && !silent) this.#publish('execute_result', { data, metadata: {}, execution_count });
      if (data && stored) this.#history.result(String(data['text/plain']));
      const expressions = await this.#evaluate(user_expressions);
      return ok({ execution_count, user_expressions: expressions, payload: [] });
    }
    this.#run?.end(result.failure);
    if (stop_on_error !== false) await this.#abortQueue();
    this.#output('error', { ...result.failure });
    return { status: 'error', execution_count, ...result.failure };
  }

  async #result(code: string, number: number): Promise<CellResult> {
    try {
      return this.#limit.result(await this.#cells.request('execute', { code, number }));
    } catch (error) {
      const { name, message, failure } = error as Error & Partial<Crash>;
      const plain: CellFailure = { ename: name, evalue: message, traceback: [] };
      return { status: 'error', failure: failure ?? plain };
    }
  }

  async #evaluate(expressions: Record<string, string>): Promise<Content> {
    const values: Content = {};
    for (const [name, code] of Object.entries(expressions)) {
      const result = await this.#result(code, 0);
      values[name] =
        result.status === 'ok'
          ? ok({ data: result.data ?? { 'text/plain': 'undefined' }, metadata: {} })
          : { status: 'error', ...result.failure };
    }
    return values;
  }

  /**
   * After a failed cell, aborts the requests that were sent before the client could know of the
   * failure.
   */
  async #abortQueue(): Promise<void> {
    await sleep(arrival);
    this.#aborted.push(...this.#queue.splice(0));
  }

  #abort(message: Message): void {
    this.#publish('status', { execution_state: 'busy' }, message);
    this.#reply('shell', message, { status: 'aborted', execution_count: this.#executionCount });
    this.#publish('status', { execution_state: 'idle' }, message);
  }

  /** Asks the client that sent the running cell; undefined if it can't be asked. */
  #ask(prompt: string): Promise<string | undefined> {
    const asker = this.#running;
    if (!asker?.content.allow_stdin) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#channels.send({
        channel: 'stdin',
        identities: asker.identities,
        type: 'input_request',
        content: { prompt, password: false },
        parent: asker.header,
      });
    });
  }

  /** Reports a crash that happened between two cells. */
  #tell(crash: Crash): void {
    this.#run?.failLate(crash.failure);
    this.#publish('stream', { name: 'stderr', text: `${crash.name}: ${crash.message}\n` });
  }

  /** Publishes a cell's output, unless it runs silently. */
  #output(type: string, content: Content): void {
    if (this.#silent) return;
    const shown = this.#limit.shown(type, content);
    if (shown) this.#publish(type, shown);
  }

  #publish(type: string, content: Content, parent = this.#parent): void {
    const identities = [type];
    this.#channels.send({ channel: 'iopub', identities, type, content, parent: parent?.header });
  }

  async #exit(): Promise<never> {
    // Work that the last cell left running may still fail.
    if (this.#run?.isSound) await this.#cells.request('settle', {}).catch(() => {});
    this.#compiler.end();
    await this.#cells.end();
    await this.#channels.close();
    process.exit(0);
  }
}

/** The debug adapter protocol's way to say no. */
const debugRefusal = ({ seq, command }: Content): Content => ({
  type: 'response',
  request_seq: seq,
  success: false,
  command,
  message: 'The Tandem kernel has no debugger.',
});
