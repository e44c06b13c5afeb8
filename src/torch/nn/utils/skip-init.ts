import { isOptions } from '../../dispatch';
import { TorchError } from '../../errors';
import type { Device } from '../../types';
import type { Module } from '../module';

/**
 * A module whose parameters have no values yet (`torch.nn.utils.skip_init`), which a state dict is loaded into: none are
 * drawn. Arguments are the class's own. Throws TorchError for a class that takes no `device`.
 */
export function skipInit<M extends Module, A extends unknown[]>(
  moduleClass: new (...args: A) => M,
  ...args: A
): M {
  const given: unknown[] = [...args];
  const options = isOptions(given.at(-1)) ? (given.pop() as { device?: Device }) : {};
  const { device = 'cpu', ...others } = options;
  let made: M;
  try {
    made = new moduleClass(...([...given, { ...others, device: 'meta' }] as A));
  } catch (error) {
    if (!String(error).includes("unexpected keyword argument 'device'")) throw error;
    throw new TorchError(
      "Module must support a 'device' arg to skip initialization",
      'RuntimeError',
    );
  }
  return made.toEmpty({ device });
}
