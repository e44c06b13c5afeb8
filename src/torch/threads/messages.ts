import { TorchError } from '../errors';

/** What a pool's thread is made with. */
export interface Setting {
  /** The module whose functions it runs, as a URL. */
  readonly module: string;
  readonly numThreads: number;
}

/** A call that a thread is asked for, with its tensors shared. */
export interface Request {
  readonly name: string;
  readonly args: unknown[];
}

/** What came of it. */
export type Answer = { readonly value: unknown } | { readonly error: ThrownError };

/** An error as it goes through `postMessage`, which would make an Error of a TorchError. */
interface ThrownError {
  readonly torch?: { readonly message: string; readonly code: string; readonly op?: string };
  readonly stack?: string;
  readonly thrown?: unknown;
}

export function packError(error: unknown): ThrownError {
  if (error instanceof TorchError) {
    const { message, code, op, stack } = error;
    return { torch: { message, code, ...(op !== undefined && { op }) }, ...(stack && { stack }) };
  }
  // What can't be cloned is told by an error that can't either.
  if (error instanceof DOMException) {
    return { torch: { message: error.message, code: error.name } };
  }
  return { thrown: error };
}

/** The error again, with the stack of the thread where it was thrown. */
export function unpackError({ torch, stack, thrown }: ThrownError): unknown {
  if (!torch) return thrown;
  const error = new TorchError(torch.message, torch.code, torch.op);
  if (stack) error.stack = stack;
  return error;
}
