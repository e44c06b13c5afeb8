import { readSync, writeSync } from 'node:fs';
import { dtypeOf, fromBytes, type NDArray } from '../arrays';

/** A message of the adapters: one line of JSON, followed by the bytes of the arrays that it lists. */
export interface Message {
  readonly content: Record<string, unknown>;
  readonly arrays: ReadonlyMap<string, NDArray>;
}

/** Descriptors on which requests come and answers go, as in `adapters/protocol.py`. */
const [requests, answers] = [3, 4];

let rest: Uint8Array = new Uint8Array(0);

function more(): boolean {
  const chunk = Buffer.alloc(1 << 16);
  const count = readSync(requests, chunk);
  rest = Buffer.concat([rest, chunk.subarray(0, count)]);
  return count > 0;
}

function bytes(count: number): Uint8Array {
  const whole = new Uint8Array(count);
  whole.set(rest.subarray(0, count));
  let at = Math.min(count, rest.length);
  rest = rest.subarray(at);
  while (at < count) {
    const read = readSync(requests, whole, at, count - at, null);
    if (read === 0) throw new Error('the pipe ended within a message');
    at += read;
  }
  return whole;
}

/** Waits for the next request; undefined when the pipe has ended. */
export function receive(): Message | undefined {
  let end = rest.indexOf(10);
  while (end < 0) {
    if (!more()) return undefined;
    end = rest.indexOf(10);
  }
  const { arrays = [], ...content } = JSON.parse(Buffer.from(bytes(end)).toString('utf8'));
  bytes(1);
  const found = new Map<string, NDArray>();
  for (const { name, dtype, shape, bytes: count } of arrays)
    found.set(name, fromBytes(dtype, shape, bytes(count)));
  return { content, arrays: found };
}

function write(data: Uint8Array): void {
  for (let at = 0; at < data.length; ) at += writeSync(answers, data, at);
}

export function send({ content, arrays }: Message): void {
  const listed = [...arrays].map(([name, array]) => ({
    name,
    dtype: dtypeOf(array),
    shape: array.shape,
    bytes: array.data.byteLength,
  }));
  write(Buffer.from(`${JSON.stringify({ ...content, arrays: listed })}\n`));
  for (const { data } of arrays.values())
    write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}
