import { createHash } from 'node:crypto';
import { noGrad } from './autograd/modes';
import { viewAsReal } from './generated/functions';
import { tidy } from './memory';
import { Tensor } from './tensor';

/**
 * What two tensors must have in common to be equal to Node's assert, Jest and Vitest: dtype, shape, device,
 * layout and values. NaN equals NaN, and 0 isn't -0, as in these.
 */
export function signature(tensor: Tensor): string {
  if (tensor.isDisposed) return 'disposed';
  return tidy(() =>
    noGrad(() => {
      const { dtype, device, layout } = tensor;
      const facts = `${dtype} [${tensor.shape.join(', ')}] ${device} ${layout}`;
      if (tensor.isMeta) return facts;
      return `${facts} ${createHash('sha256').update(valueBytes(tensor)).digest('hex')}`;
    }),
  );
}

function valueBytes(tensor: Tensor): Uint8Array {
  let values = tensor.detach();
  if (values.layout !== 'strided') values = values.toDense();
  if (values.isQuantized) {
    const parts = [values.intRepr(), values.dequantize()];
    return Buffer.concat(parts.map(valueBytes));
  }
  // NaN has many bit patterns.
  if (values.isComplex()) values = realPairs(values);
  if (values.isFloatingPoint()) {
    const nan = values.isnan();
    if (nan.any().item()) values = values.maskedFill(nan, Number.NaN);
  }
  return new Uint8Array(values.toTypedArray().buffer);
}

/** Complex numbers as pairs of floats. */
const realPairs = (values: Tensor): Tensor => viewAsReal(values.resolveConj().resolveNeg());

/** Whether two tensors have one {@link signature}; undefined if neither is a tensor. */
function areEqual(a: unknown, b: unknown): boolean | undefined {
  const [first, second] = [a instanceof Tensor, b instanceof Tensor];
  if (!first && !second) return undefined;
  return first && second && signature(a as Tensor) === signature(b as Tensor);
}

/** Has Jest's and Vitest's `expect` compare and show tensors as a whole, where one of them is running. */
export function teachExpect(): void {
  const key = Symbol.for('$$jest-matchers-object');
  const expect = (globalThis as Record<symbol, unknown>)[key] as
    | { customEqualityTesters?: unknown[] }
    | undefined;
  expect?.customEqualityTesters?.push(areEqual);
  // Else Jest calls all getters to show what differs.
  Object.defineProperty(Tensor.prototype, Symbol.for('@jest/serializableProperties'), {
    value: ['toJSON', Symbol.toStringTag],
  });
}
