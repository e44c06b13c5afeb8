import type { TorchError } from 'tandem-torch';
import { python } from './python';

/** One test for each call: it is refused with the class and the message with which Python refuses it. */
export function refusedAsInPython(calls: Record<string, () => unknown>, setUp: string): void {
  const messages = python(
    Object.keys(calls).map((expression) => `failure(lambda: ${expression})`),
    `${setUp}
def failure(f):
    try:
        f()
    except Exception as error:
        return f"{type(error).__name__}: {str(error).split(chr(10))[0]}"
    return 'nothing raised'`,
  );
  test.each(Object.entries(calls).map(([name, call], i) => [name, call, messages[i]!] as const))(
    '%s is refused with Python’s message',
    (_, call, want) => {
      let message = 'nothing thrown';
      try {
        call();
      } catch (error) {
        const { code } = error as TorchError;
        message = `${code}: ${(error as Error).message.split('\n')[0]}`;
      }
      expect(message).toBe(want);
    },
  );
}
