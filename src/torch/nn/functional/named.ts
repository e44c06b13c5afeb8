import { isOptions } from '../../dispatch';
import { TorchError } from '../../errors';
import { Tensor } from '../../tensor';

/**
 * A function that takes its arguments as Python's does: by position, in the order of `names`, and by
 * name in an object at the end. `Call` gives its signatures; those without a default in `body` must
 * be given. Throws TorchError with Python's message otherwise.
 */
export function named<Call>(
  op: string,
  names: readonly string[],
  body: (...args: never[]) => unknown,
): Call {
  const fail = (message: string) => new TorchError(`${op}() ${message}`, 'TypeError', op);
  const call = body as (...args: unknown[]) => unknown;
  return ((...args: unknown[]) => {
    const last = args[args.length - 1];
    if (isOptions(last)) {
      args.pop();
      const given = args.length;
      for (const [name, value] of Object.entries(last)) {
        const at = names.indexOf(name);
        if (at < 0) throw fail(`got an unexpected keyword argument '${name}'`);
        if (at < given) throw fail(`got multiple values for argument '${name}'`);
        args[at] = value;
      }
    }
    if (args.length > names.length) {
      throw fail(`takes ${names.length} positional arguments but ${args.length} were given`);
    }
    for (let i = 0; i < body.length; i++) {
      if (args[i] === undefined) {
        throw fail(`missing required argument '${names[i]}' (position ${i + 1})`);
      }
    }
    if (!(args[0] instanceof Tensor)) {
      throw new TorchError(
        `${op}(): argument '${names[0]}' (position 1) must be Tensor, not ${typeof args[0]}`,
        'TypeError',
        op,
      );
    }
    return call(...args);
  }) as Call;
}

/** The input of an in-place operator, which is what it gives back in Python. */
export function written(input: Tensor, result: Tensor): Tensor {
  result.dispose();
  return input;
}
