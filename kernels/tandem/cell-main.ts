/** The process that runs the cells; the kernel starts it. */
import { writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { Worker } from 'node:worker_threads';
// A cell may import @tensorflow/tfjs-node itself.
import '../../src/tensorflow/legacy-util';
import { blockSignals } from '../../src/tensorflow/start-up';
import {
  type Command,
  encode,
  type Report,
  type Request,
  reportsDescriptor,
} from './cell-protocol';
import { Cells, type RemoteCompiler } from './cells';
import type { Compiled } from './compiler';
import { endMark } from './native-output';
import { Questions } from './questions';
import { RunState } from './run-state';
import { settled } from './settling';
import type { Content } from './wire';

/** Writes at once, also while the cell keeps the event loop busy, and waits where the pipe is full. */
function writeWhole(descriptor: number, text: string): void {
  let bytes = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** Throws what JSON can't express. */
const report = (message: Report) => writeWhole(reportsDescriptor, encode(message));

const output = (message: string, content: Content) => report({ type: 'output', message, content });

const state = new RunState();
/** The cells that are being compiled. */
const compiling = new Map<
  number,
  { resolve(result: Compiled): void; reject(reason: Error): void }
>();
let requests = 0;
const compiler: RemoteCompiler = {
  compile: (code) =>
    new Promise((resolve, reject) => {
      const request = ++requests;
      compiling.set(request, { resolve, reject });
      report({ type: 'compile', request, code });
    }),
  keep: (code) => report({ type: 'keep', code }),
};
const cells = new Cells(state, compiler, process.argv[2] === 'javascript');
const questions = new Questions((question, prompt) =>
  report({ type: 'question', question, prompt }),
);

async function answer(request: Request): Promise<unknown> {
  switch (request.type) {
    case 'execute': {
      const result = await cells.execute(request.code, request.number);
      for (const descriptor of [1, 2]) writeWhole(descriptor, endMark(request.id));
      return result;
    }
    case 'settle':
      return settled();
  }
}

async function handle(command: Command): Promise<void> {
  switch (command.type) {
    case 'interrupt':
      cells.interrupt();
      report({ type: 'heard' });
      return;
    case 'end':
      process.exit(0);
      return;
    case 'answer':
      questions.answer(command.question, command.text);
      return;
    case 'compiled': {
      const { request, result, reason } = command;
      if (result) compiling.get(request)?.resolve(result);
      else compiling.get(request)?.reject(new Error(reason));
      compiling.delete(request);
      return;
    }
    default: {
      const { id } = command;
      try {
        report({ type: 'result', id, result: await answer(command) });
      } catch (error) {
        const { name, message } = error as Error;
        report({ type: 'failed', id, name, message });
      }
    }
  }
}

/** Characters of text that travel in one message. */
const most = 10_000_000;

function captureOutput(name: 'stdout' | 'stderr'): void {
  const decoder = new StringDecoder('utf8');
  process[name].write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    const text = typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk));
    // A message holds no more than a string can.
    for (let start = 0; start < text.length; start += most) {
      output('stream', { name, text: text.slice(start, start + most) });
    }
    const done = rest.find((value) => typeof value === 'function') as (() => void) | undefined;
    done?.();
    return true;
  }) as typeof process.stdout.write;
}

function uncaught(error: unknown): void {
  if (cells.fail(error)) return;
  console.error('Unhandled after its cell had ended:', error);
  report({ type: 'late', failure: cells.failure(error) });
}

const display = (content: Content, update: boolean) =>
  output(update ? 'update_display_data' : 'display_data', content);

captureOutput('stdout');
captureOutput('stderr');
console.clear = () => output('clear_output', { wait: false });
Object.assign(globalThis, questions.globals, {
  [Symbol.for('tandem.kernel')]: {
    display,
    clearOutput: (wait = false) => output('clear_output', { wait }),
    headless: process.env.TANDEM_RUN !== undefined,
    get signal() {
      return cells.signal;
    },
  },
});
// The kernel passes interrupts on. The signal itself reaches the whole process group.
process.on('SIGINT', () => {});
process.on('uncaughtException', uncaught);
process.on('unhandledRejection', uncaught);

new Worker(require.resolve('./commands-thread'), { workerData: state.buffer }).on(
  'message',
  (command: Command) => void handle(command),
);
blockSignals();
report({ type: 'ready' });
