import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** An event that the kernel, or nbconvert's executor, appends to a run's events file, one JSON object a line. */
export type KernelEvent =
  | { event: 'cell-start'; cell: number }
  | {
      event: 'cell-end';
      cell: number;
      status: 'ok' | 'error' | 'aborted';
      ename?: string;
      evalue?: string;
      /** Missing if the cell was aborted. */
      seconds?: number;
    }
  /** The running cell outlasted its time-out and is interrupted now. */
  | { event: 'time-out' }
  /** An error that came after the cell had ended. */
  | { event: 'late-error'; cell: number; ename: string; evalue: string };

/** How often the events file is read, in milliseconds. */
const interval = 100;

/** Calls `listener` with each event as the kernel appends it; `stop` delivers the rest. */
export function followEvents(
  path: string,
  listener: (event: KernelEvent) => void,
): { stop: () => void } {
  const decoder = new StringDecoder('utf8');
  let position = 0;
  let rest = '';
  const deliver = () => {
    const bytes = bytesFrom(path, position);
    position += bytes.length;
    const lines = (rest + decoder.write(bytes)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') listener(JSON.parse(line));
  };
  const timer = setInterval(deliver, interval);
  return {
    stop: () => {
      clearInterval(timer);
      deliver();
    },
  };
}

const bytesFrom = (path: string, position: number): Buffer => {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (;;) {
      const chunk = Buffer.alloc(65536);
      const count = readSync(file, chunk, 0, chunk.length, position);
      if (count === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, count));
      position += count;
    }
  } finally {
    closeSync(file);
  }
};
