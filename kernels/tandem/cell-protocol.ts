import type { CellFailure } from './cell-error';
import type { CellResult } from './cells';
import type { Compiled } from './compiler';
import type { Content } from './wire';

/** What the kernel asks of the process that runs the cells. */
export interface Requests {
  /** `number` names the cell in stack traces. */
  execute: { asks: { code: string; number: number }; gets: CellResult };
  /** Waits a while for work that cells have left running. */
  settle: { asks: object; gets: undefined };
}

export type Request = {
  [T in keyof Requests]: { readonly id: number; readonly type: T } & Requests[T]['asks'];
}[keyof Requests];

export type Command =
  | Request
  | { readonly type: 'interrupt' | 'end' }
  | { readonly type: 'answer'; readonly question: number; readonly text?: string }
  /** Without a result the compiler failed, for this reason. */
  | {
      readonly type: 'compiled';
      readonly request: number;
      readonly result?: Compiled;
      readonly reason?: string;
    };

/** Messages to the kernel. An `answer` without text means that nobody can be asked. */
export type Report =
  | { readonly type: 'ready' }
  /** Of the interrupt. */
  | { readonly type: 'heard' }
  /** An error that came after its cell had ended. */
  | { readonly type: 'late'; readonly failure: CellFailure }
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly name: string;
      readonly message: string;
    }
  | { readonly type: 'output'; readonly message: string; readonly content: Content }
  | { readonly type: 'question'; readonly question: number; readonly prompt: string }
  /** Asks for a cell's script. */
  | { readonly type: 'compile'; readonly request: number; readonly code: string }
  /** The cell's declarations count from now on. */
  | { readonly type: 'keep'; readonly code: string };

/** The descriptors of the two pipes, as the process of the cells has them. */
export const reportsDescriptor = 3;
export const commandsDescriptor = 4;

/** Messages travel as JSON, one a line. */
export const encode = (message: Command | Report): string => `${JSON.stringify(message)}\n`;

/** Calls `take` with each message of the chunks that it is given. */
export function decoder<T extends Command | Report>(
  take: (message: T) => void,
): (chunk: Buffer) => void {
  let rest: Buffer[] = [];
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = Buffer.concat([...rest, chunk.subarray(start, end)]);
      rest = [];
      start = end + 1;
      take(JSON.parse(line.toString()));
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  };
}
