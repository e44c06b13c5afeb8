import { AsyncLocalStorage } from 'node:async_hooks';
import { TorchError } from './errors';
import type { Tensor } from './tensor';

/** The tensors made inside one `tidy`. */
type Scope = Set<Tensor>;

const scopes = new AsyncLocalStorage<Scope>();
let open = 0;

/** Notes a new tensor in the innermost open scope. Free of cost while no scope is open. */
export function track(tensor: Tensor): void {
  if (open > 0) scopes.getStore()?.add(tensor);
}

/**
 * Takes a tensor out of every open scope, so that it outlives them: parameters and an optimizer's
 * state do this.
 */
export function keep<T extends Tensor>(tensor: T): T {
  if (open > 0) scopes.getStore()?.delete(tensor);
  return tensor;
}

type TensorLike = { dispose(): void; handle: unknown };

const isTensor = (value: unknown): value is Tensor & TensorLike =>
  typeof value === 'object' && value !== null && 'handle' in value && 'dispose' in value;

/** Adds the tensors in a value to `found`: itself, or those in its arrays, maps and plain objects. */
function findTensors(value: unknown, found: Set<Tensor>, around: Set<unknown>): void {
  if (typeof value !== 'object' || value === null) return;
  if (isTensor(value)) {
    found.add(value);
    return;
  }
  const plain = Object.getPrototypeOf(value) === Object.prototype;
  const isList = value instanceof Map || value instanceof Set || Array.isArray(value);
  if (!isList && !plain) return;
  if (around.has(value)) {
    throw new TorchError('what the function returned contains itself', 'ValueError', 'tidy');
  }
  around.add(value);
  for (const item of isList ? value.values() : Object.values(value)) {
    findTensors(item, found, around);
  }
  around.delete(value);
}

function close(scope: Scope, result: unknown, outer: Scope | undefined): void {
  open--;
  try {
    const returned = new Set<Tensor>();
    findTensors(result, returned, new Set());
    for (const tensor of returned) {
      if (scope.delete(tensor)) outer?.add(tensor);
    }
  } finally {
    for (const tensor of scope) tensor.dispose();
  }
}

/**
 * Runs `fn` and frees every tensor that it made, except those that it returns (also inside arrays,
 * maps and plain objects) and those kept with {@link keep}. An async `fn` is followed to its end.
 * A tensor that stays alive elsewhere, such as a `.grad`, is not harmed: only the handles made in
 * `fn` are freed. Like `tf.tidy`, but async-aware. Throws TorchError if the result contains itself.
 *
 * @example
 * const loss = torch.tidy(() => criterion(net.forward(x), y).item());
 */
export function tidy<T>(fn: () => T): T {
  const outer = scopes.getStore();
  const scope: Scope = new Set();
  open++;
  let result: T;
  try {
    result = scopes.run(scope, fn);
  } catch (error) {
    close(scope, undefined, outer);
    throw error;
  }
  if (result instanceof Promise) {
    return result.then(
      (value) => {
        close(scope, value, outer);
        return value;
      },
      (error) => {
        close(scope, undefined, outer);
        throw error;
      },
    ) as T;
  }
  close(scope, result, outer);
  return result;
}
