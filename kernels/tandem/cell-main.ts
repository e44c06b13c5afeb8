/** The process that runs the cells; the kernel starts it. */
import { writeSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { Worker } from 'node:worker_threads';
// A cell may import @tensorflow/tfjs-node itself.
import '../../src/tensorflow/legacy-util';
import {
  type Command,
  encode,
  type Report,
  type Request,
  reportsDescriptor,
} from './cell-protocol';
import { Cells } from './cells';
import { Questions } from './questions';
import { RunState } from './run-state';
import { routeDisplay } from './tslab';
import type { Content } from './wire';

/** Leaves at once, also while the cell keeps the event loop busy. Throws what JSON can't express. */
function report(message: Report): void {
  let bytes = Buffer.from(encode(message));
  while (bytes.length > 0) bytes = bytes.subarray(writeSync(reportsDescriptor, bytes));
}

const output = (message: string, content: Content) => report({ type: 'output', message, content });

const state = new RunState();
const cells = new Cells(state);
const questions = new Questions((question, prompt) =>
  report({ type: 'question', question, prompt }),
);

async function answer(request: Request): Promise<unknown> {
  switch (request.type) {
    case 'execute':
      return cells.execute(request.code, request.number);
    case 'complete':
      return cells.complete(request.code, request.position);
    case 'inspect':
      return { data: cells.inspect(request.code, request.position) };
    case 'isComplete':
      return cells.isComplete(request.code);
  }
}

async function obey(command: Command): Promise<void> {
  switch (command.type) {
    case 'interrupt':
      cells.interrupt();
      return;
    case 'end':
      process.exit(0);
      return;
    case 'answer':
      questions.answer(command.question, command.text);
      return;
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
  if (!cells.fail(error)) console.error('Unhandled after its cell had ended:', error);
}

const display = (content: Content, update: boolean) =>
  output(update ? 'update_display_data' : 'display_data', content);

captureOutput('stdout');
captureOutput('stderr');
routeDisplay(display);
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
// The kernel passes interrupts on; the signal comes to the whole process group.
process.on('SIGINT', () => {});
process.on('uncaughtException', uncaught);
process.on('unhandledRejection', uncaught);

new Worker(require.resolve('./commands-thread'), { workerData: state.buffer }).on(
  'message',
  (command: Command) => void obey(command),
);
report({ type: 'ready' });
setImmediate(() => cells.warmUp());
