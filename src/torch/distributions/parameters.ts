import { getDefaultDtype, tensor } from '../creation';
import { TorchError } from '../errors';
import { broadcastTensors } from '../functional';
import { arange, empty, log, log1p, rand, sigmoid } from '../generated/functions';
import * as F from '../nn/functional';
import { finfo } from '../number-info';
import { Tensor } from '../tensor';
import * as constraints from './constraints';
import type { Param } from './distribution';

/** Parameters that many classes have, and what each must be. */
export const locScale = { loc: constraints.real, scale: constraints.positive };
export const ofOutcome = { probs: constraints.unitInterval, logits: constraints.real };
export const ofOutcomes = { probs: constraints.simplex, logits: constraints.realVector };

export const eulerConstant = 0.5772156649015329;

/** Parameters of one shape; numbers become tensors of the others' dtype. */
export function broadcastAll<Name extends string>(
  values: Readonly<Record<Name, Param>>,
): Record<Name, Tensor> {
  const names = Object.keys(values) as Name[];
  const given = names.map((name) => values[name]);
  const first = given.find((value) => value instanceof Tensor) as Tensor | undefined;
  const options = first
    ? { dtype: first.dtype, device: first.device }
    : { dtype: getDefaultDtype() };
  const tensors = given.map((value) => (value instanceof Tensor ? value : tensor(value, options)));
  const broadcast = broadcastTensors(...tensors);
  return Object.fromEntries(names.map((name, i) => [name, broadcast[i]!])) as Record<Name, Tensor>;
}

/** Either `probs` or `logits`, broadcast with what else there is. Throws TorchError where both or none are given. */
export function eitherOf<Other extends string = never>(
  { probs, logits }: { probs: Param | null; logits: Param | null },
  others: Readonly<Record<Other, Param>> = {} as never,
): Record<string, Tensor> {
  checkEither(probs, logits);
  const one = probs === null ? { logits: logits! } : { probs };
  return broadcastAll({ ...others, ...one } as Record<string, Param>);
}

export function checkEither(probs: unknown, logits: unknown): void {
  if ((probs === null) !== (logits === null)) return;
  throw new TorchError('Either `probs` or `logits` must be specified, but not both.', 'ValueError');
}

export const standardNormal = (shape: readonly number[], { dtype, device }: Tensor): Tensor =>
  empty(shape, { dtype, device }).normal_();

export const standardUniform = (shape: readonly number[], { dtype, device }: Tensor): Tensor =>
  rand(shape, { dtype, device });

/** The last dimensions summed. */
export const sumRightmost = (value: Tensor, dims: number): Tensor =>
  dims === 0 ? value : value.reshape([...value.shape.slice(0, -dims), -1]).sum(-1);

/** Probabilities of logits: of one outcome each, or of the last dimension's. */
export const logitsToProbs = (logits: Tensor, isBinary = false): Tensor =>
  isBinary ? sigmoid(logits) : F.softmax(logits, { dim: -1 });

export function clampProbs(probs: Tensor): Tensor {
  const { eps } = finfo(probs.dtype);
  return probs.clamp(eps, 1 - eps);
}

export function probsToLogits(probs: Tensor, isBinary = false): Tensor {
  const clamped = clampProbs(probs);
  return isBinary ? log(clamped).sub(log1p(clamped.neg())) : log(clamped);
}

interface Either {
  probs: Tensor;
  logits: Tensor;
}

/** Probabilities and logits from each other: of one outcome each, of the last dimension's. */
export const binary = {
  probs: ({ logits }: Either) => logitsToProbs(logits, true),
  logits: ({ probs }: Either) => probsToLogits(probs, true),
};
export const categorical = {
  probs: ({ logits }: Either) => logitsToProbs(logits),
  logits: ({ probs }: Either) => probsToLogits(probs),
};

/** Python's `number / tensor`, which is no division: the reciprocal times the number. */
export const over = (number: number, divisor: Tensor): Tensor => divisor.reciprocal().mul(number);

/** Assigns where a mask is true, Python's `x[mask] = value`. */
export const put = (x: Tensor, mask: Tensor, value: number): Tensor => x.indexSet(mask, value);

function trilMask(n: number, diag: number, { device }: Tensor): Tensor {
  const places = arange(n, { device });
  return places.lt(places.view(-1, 1).add(diag + 1));
}

/** The elements below a diagonal of matrices `[*, n, n]`, row by row. */
export function trilMatrixToVec(matrix: Tensor, diag = 0): Tensor {
  const n = matrix.shape.at(-1)!;
  if (diag < -n || diag >= n) {
    throw new TorchError(`diag (${diag}) provided is outside [${-n}, ${n - 1}].`, 'ValueError');
  }
  return matrix.index('...', trilMask(n, diag, matrix));
}

/** Matrices with these elements below a diagonal. */
export function vecToTrilMatrix(vec: Tensor, diag = 0): Tensor {
  const length = vec.shape.at(-1)!;
  const exact =
    (-(1 + 2 * diag) +
      ((1 + 2 * diag) ** 2 + 8 * length + 4 * Math.abs(diag) * (diag + 1)) ** 0.5) /
    2;
  const n = Math.round(exact);
  if (n - exact > finfo(vec.dtype).eps) {
    throw new TorchError(
      `The size of last dimension is ${length} which cannot be expressed as the lower triangular part of a square D x D matrix.`,
      'ValueError',
    );
  }
  const matrix = vec.newZeros([...vec.shape.slice(0, -1), n, n]);
  return matrix.indexSet(['...', trilMask(n, diag, vec)], vec);
}
