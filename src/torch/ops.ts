import { lookUp } from './dispatch';
import { TorchError } from './errors';
import type { AtenOperators } from './generated/aten';
import { native } from './native';

/** Overloads that write into a tensor come last, the plain one and that of tensors first. */
const rank = (overload: string): number =>
  Number(/(^|_)out$/.test(overload)) * 2 + Number(overload !== '' && overload !== 'Tensor');

function find(name: string): (...args: unknown[]) => unknown {
  const overloads = native.overloads(`aten::${name}`);
  if (overloads.length === 0) {
    throw new TorchError(
      `'_OpNamespace' 'aten' object has no attribute '${name}'`,
      'AttributeError',
      name,
    );
  }
  const call = lookUp(
    name,
    overloads.sort((a, b) => rank(a) - rank(b)),
  );
  return (...args) => call(args);
}

const found: Record<string, unknown> = {};

/**
 * Every ATen operator by its own name (`torch.ops.aten`): `torch.ops.aten.log_sigmoid_forward(x)`. The
 * overload is picked by the arguments. Throws TorchError for a name that PyTorch does not have.
 */
const aten = new Proxy(found as unknown as AtenOperators, {
  get(_, name) {
    if (typeof name === 'symbol') return undefined;
    found[name] ??= find(name);
    return found[name];
  },
});

/** Operators by namespace and name (`torch.ops`). */
export const ops: { readonly aten: AtenOperators } = { aten };
