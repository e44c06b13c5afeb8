import type { CellFailure } from './cell-error';
import type { CellResult } from './cells';
import type { MimeBundle } from './rich';
import type { Content } from './wire';

/** What the kernel asks of the process that runs the cells. */
export interface Requests {
  /** `number` names the cell in stack traces. */
  execute: { asks: { code: string; number: number }; gets: CellResult };
  complete: { asks: { code: string; position: number }; gets: Completion };
  inspect: { asks: { code: string; position: number }; gets: { data?: MimeBundle } };
  isComplete: { asks: { code: string }; gets: Completeness };
  /** Waits a while for work that cells have left running. */
  settle: { asks: object; gets: undefined };
}

export interface Completeness {
  readonly status: 'complete' | 'incomplete' | 'invalid';
  /** The indentation of the line after an incomplete cell. */
  readonly indent?: string;
}

/** Positions count UTF-16 units. */
export interface Completion {
  readonly start: number;
  readonly end: number;
  readonly candidates: readonly { readonly text: string; readonly kind?: string }[];
}

export type Request = {
  [T in keyof Requests]: { readonly id: number; readonly type: T } & Requests[T]['asks'];
}[keyof Requests];

export type Command =
  | Request
  | { readonly type: 'interrupt' | 'end' }
  | { readonly type: 'answer'; readonly question: number; readonly text?: string };

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
  | { readonly type: 'question'; readonly question: number; readonly prompt: string };

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
