import { TorchError } from '../../../torch';
import type { Failure } from './frames';

/** What Python's parser of arguments says, which lists Python's own types and signatures. */
const parser =
  /received an invalid combination of arguments|must be .*, (not|but got|but found) |missing \d* ?required|unexpected keyword argument|positional arguments?|not supported between instances|unsupported operand type|object cannot be interpreted|expected Tensor as element/;

/**
 * Both refused: the messages must agree, but for the operator's name in front of ours and for what the parsers of
 * arguments say, where both must be TypeErrors.
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
