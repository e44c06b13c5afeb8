import { TorchError } from '../errors';
import type { Tensor } from '../tensor';
import type { Complex } from '../types';

/** A function under test with its inputs already given: its outputs, as a list. */
export type Outputs = () => Tensor[];

export const isComplex = (tensor: Tensor) => tensor.dtype.startsWith('complex');
export const isFloating = (tensor: Tensor) => tensor.isFloatingPoint() || isComplex(tensor);

const size = (tensor: Tensor) => `torch.Size([${tensor.shape.join(', ')}])`;

/** Throws where a small change of the input changes the kind of an output. */
function checkSame(a: Tensor, b: Tensor, index: readonly number[], eps: number): void {
  const where = `on index (${index.join(', ')}${index.length === 1 ? ',' : ''}) by ${eps}`;
  const refuse = (what: string, first: string, second: string) =>
    new TorchError(
      `Expected \`func\` to return outputs with the same ${what} when inputs are perturbed ` +
        `${where}, but got: ${what}s ${first} and ${second}.`,
      'AssertionError',
    );
  if (size(a) !== size(b)) throw refuse('shape', size(a), size(b));
  if (a.dtype !== b.dtype) throw refuse('dtype', `torch.${a.dtype}`, `torch.${b.dtype}`);
}

/** All indices of a shape, the last dimension fastest. */
function* indicesOf(shape: readonly number[]): Generator<number[]> {
  const index = shape.map(() => 0);
  if (shape.includes(0)) return;
  for (;;) {
    yield [...index];
    let dim = shape.length - 1;
    while (dim >= 0 && ++index[dim]! === shape[dim]) index[dim--] = 0;
    if (dim < 0) return;
  }
}

/**
 * The Jacobians of a function by central differences, one for each output, of shape `[elements of the
 * input, elements of the output]`. The input is changed in place, one element after the other, and
 * back again; of a complex one both parts are, which gives the conjugate Wirtinger derivative.
 */
export function numericalJacobian(
  outputs: Outputs,
  input: Tensor,
  samples: readonly Tensor[],
  eps: number,
): Tensor[] {
  if (samples.some(isComplex)) {
    throw new TorchError(
      'Expected output to be non-complex. get_numerical_jacobian no longer supports functions ' +
        'that return complex outputs.',
      'ValueError',
    );
  }
  const rows = input.numel();
  const complex = isComplex(input);
  const jacobians = samples
    .filter(isFloating)
    .map((sample) =>
      sample.newZeros([rows, sample.numel()], { dtype: complex ? input.dtype : sample.dtype }),
    );
  // Outside of the version counter, which would find saved tensors changed.
  const data = input.data;
  let row = 0;
  for (const index of indicesOf(data.shape)) {
    const entry = index.length > 0 ? data.index(...index) : data;
    const original = entry.clone();
    const differences = (delta: number | Complex): Tensor[] => {
      entry.copy_(original.sub(delta));
      const below = outputs().map((output) => output.clone());
      entry.copy_(original.add(delta));
      const above = outputs().map((output) => output.clone());
      entry.copy_(original);
      return below.map((output, i) => {
        checkSame(output, above[i]!, index, eps);
        return above[i]!.sub(output)
          .div(2 * eps)
          .detach()
          .reshape([-1]);
      });
    };
    const real = differences(eps);
    const imaginary = complex ? differences({ re: 0, im: eps }) : null;
    const i = { re: 0, im: 1 };
    const columns = imaginary ? real.map((d, k) => d.add(imaginary[k]!.mul(i))) : real;
    let k = 0;
    columns.forEach((column, output) => {
      if (isFloating(samples[output]!)) jacobians[k++]!.select(0, row).copy_(column);
    });
    row++;
  }
  return jacobians;
}
