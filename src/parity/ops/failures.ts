import { TorchError } from 'tandem-torch';
import type { Failure } from './frames';

/** Messages of Python's argument parser, which list Python's own types and signatures. */
const parser =
  /received an invalid combination of arguments|must be .*, (not|but got|but found) |missing \d* ?required|unexpected keyword argument|positional arguments?|not supported between instances|unsupported operand type|object cannot be interpreted|expected Tensor as element/;

/**
 * Both calls failed: the messages must agree, except for the operator's name in front of ours and for argument
 * parsers' messages, where both must be TypeErrors.
 */
export function failureDifference(error: unknown, python: Failure): string | null {
  const message = (error as Error).message.trim();
  if (error instanceof TorchError) {
    if (message.endsWith(python.message)) return null;
    if (python.class === 'TypeError' && error.code === 'TypeError' && parser.test(python.message)) {
      return null;
    }
  }
  return `the ${(error as Error).name} '${message}' instead of '${python.class}: ${python.message}'`;
}
