import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { UserError } from '../../command/errors';
import { inProject } from '../../files/paths';
import { torchPython } from '../python';

/** A Python value as src/parity/python/ops.py writes it. */
export type Written = null | boolean | number | string | readonly Written[] | WrittenObject;

/** A value that JSON can't express: a tensor, a float without a fraction, a slice, … */
export type WrittenObject = { readonly [kind: string]: unknown };

export interface WrittenTensor {
  readonly dtype: string;
  readonly shape: number[];
  /** Absent if the layout is sparse. */
  readonly strides?: number[];
  readonly offset?: number;
  /** Start and length in the frame's bytes: of the storage for an input, of the elements for a result. */
  readonly data?: readonly [start: number, length: number];
  /** Where it is, if not on the CPU. */
  readonly device?: string;
  /** Whether an input is on the device `meta`, which has no elements. */
  readonly meta?: boolean;
  /** Whether an input requires a gradient. */
  readonly grad?: boolean;
  /** Row offsets, columns and values of a sparse CSR input. */
  readonly csr?: readonly { tensor: WrittenTensor }[];
  /** A result's layout and, if it is sparse, its parts. */
  readonly layout?: string;
  readonly parts?: readonly Written[];
}

export interface Failure {
  readonly class: string;
  readonly message: string;
}

/** One call in Python and its results. */
export interface Sample {
  readonly args: readonly Written[];
  readonly kwargs: Readonly<Record<string, Written>>;
  readonly result?: Written;
  /** The error, if Python rejected the call. */
  readonly error?: Failure;
  /** The call that writes into a tensor given as `out`, and the one in place of the first argument. */
  readonly out?: Other;
  readonly inPlace?: Other;
  /** How many of the results require a gradient. */
  readonly differentiable?: number;
  /** The gradients of all results together; if Python rejects that, its error and then those of the first result. */
  readonly backward?: readonly {
    readonly gradients?: readonly Written[];
    readonly error?: Failure;
  }[];
}

/** The result of another way of calling: true for the same elements. */
export type Other = true | { readonly result?: Written; readonly error?: Failure };

/** Some samples of one operator and dtype, and the bytes of their tensors. */
export interface Frame {
  readonly op: string;
  /** The function that is called, if it is not `op`. */
  readonly target: string;
  readonly variant: string;
  /** `refused` for calls that the operator should refuse. */
  readonly dtype: string;
  /** Whether the function is written in Python on top of several operators. */
  readonly python: boolean;
  /** Whether tensors have it as a method. */
  readonly method: boolean;
  /** Share of all operators that came before, 0 to 1. */
  readonly done: number;
  /** Number of the first sample among the operator's of this dtype; its number is a sample's seed. */
  readonly first: number;
  readonly samples: readonly Sample[];
  readonly bytes: Buffer;
}

/** Splits a stream into blocks, each after its length in four bytes. */
async function* blocks(stream: Readable): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let size = 0;
  const take = (count: number): Buffer => {
    const all = Buffer.concat(parts);
    parts = [all.subarray(count)];
    size -= count;
    return all.subarray(0, count);
  };
  let wanted: number | null = null;
  for await (const chunk of stream) {
    parts.push(chunk);
    size += chunk.length;
    while (size >= (wanted ?? 4)) {
      if (wanted === null) {
        wanted = take(4).readUInt32LE();
      } else {
        yield take(wanted);
        wanted = null;
      }
    }
  }
}

/**
 * PyTorch's sample inputs with Python's results, as Python computes them: nothing is stored, since Python waits if
 * we are slower. Throws UserError if the script fails.
 */
export async function* sampleFrames(
  seed: number,
  ops: readonly string[],
  device = 'cpu',
): AsyncGenerator<Frame> {
  const script = inProject('src/parity/python/ops.py');
  const options = ['--fd=3', `--seed=${seed}`, `--device=${device}`];
  const args = [script, ...options, ...ops.map((name) => `--ops=${name}`)];
  const child = spawn(torchPython(), args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let complaint = '';
  child.stderr!.on('data', (text) => {
    complaint += text;
  });
  try {
    let header: Omit<Frame, 'bytes'> | null = null;
    for await (const block of blocks(child.stdio[3] as Readable)) {
      if (header) {
        yield { ...header, bytes: block };
        header = null;
      } else {
        header = JSON.parse(block.toString());
      }
    }
    const [code] = await closed;
    if (code !== 0) {
      throw new UserError(
        `src/parity/python/ops.py failed: ${complaint.trim().split('\n').pop()}`,
        1,
      );
    }
  } finally {
    child.kill();
  }
}
