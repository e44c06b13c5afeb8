import type { Failure } from './frames';

/** Both refused: the messages must agree, but for the operator's name in front of ours. */
export function failureDifference(error: unknown, python: Failure): string | null {
  const message = (error as Error).message.trim();
  return message.endsWith(python.message)
    ? null
    : `the error '${message}' instead of '${python.message}'`;
}
