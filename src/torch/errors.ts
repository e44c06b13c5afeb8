import { types } from 'node:util';

/**
 * An error of PyTorch itself: `message` is PyTorch's own, led by the operator's name. `code` is the
 * class that Python raises (`RuntimeError`, `IndexError`, …), or `DisposedError` for a tensor that
 * was used after `dispose`.
 */
export class TorchError extends Error {
  override readonly name = 'TorchError';

  constructor(
    message: string,
    readonly code: string,
    /** The operator, such as `conv2d`; absent where no operator was called. */
    readonly op?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Turns an error of the addon into a TorchError; anything else is passed through. */
  static from(error: unknown, op?: string): unknown {
    if (!types.isNativeError(error) || !('code' in error)) return error;
    // Python's name of a tensor's type in place of libtorch's.
    const message = error.message.replaceAll(/\b(CPU|CUDA)(\w+)Type\b/g, (_, kind, name) =>
      kind === 'CPU' ? `torch.${name}Tensor` : `torch.cuda.${name}Tensor`,
    );
    const prefix = op && !message.startsWith(`${op}()`) ? `${op}(): ` : '';
    return new TorchError(prefix + message, String(error.code), op, { cause: error });
  }
}
