import { TorchError } from '../errors';
import { eye, flip, matmul } from '../generated/functions';
import { cholesky, solveTriangular } from '../generated/linalg';
import type { Tensor } from '../tensor';
import type { Validation } from './distribution';

/** @internal A matrix times a vector, in batches. */
export const batchMv = (matrix: Tensor, vector: Tensor): Tensor =>
  matmul(matrix, vector.unsqueeze(-1)).squeeze(-1);

/** @internal The sum of the logarithms of a factor's diagonal. */
export const logDiagonal = (factor: Tensor): Tensor =>
  factor.diagonal({ dim1: -2, dim2: -1 }).log().sum(-1);

/** @internal The squared Mahalanobis distances `xᵀ (L Lᵀ)⁻¹ x`; the factors' batch may be a part of the vectors'. */
export function batchMahalanobis(factor: Tensor, vectors: Tensor): Tensor {
  const n = vectors.size(-1);
  const batch = vectors.shape.slice(0, -1);
  const inner = factor.ndim - 2;
  const outer = batch.length - inner;
  const split = batch.slice(0, outer);
  factor.shape.slice(0, -2).forEach((size, i) => {
    split.push(batch[outer + i]! / size, size);
  });
  const end = outer + 2 * inner;
  const steps = (start: number) => Array.from({ length: inner }, (_, i) => start + 2 * i);
  const first = Array.from({ length: outer }, (_, i) => i);
  const order = [...first, ...steps(outer), ...steps(outer + 1), end];
  const x = vectors.reshape([...split, n]).permute(order);
  const flatFactor = factor.reshape(-1, n, n);
  const flatX = x.reshape(-1, flatFactor.size(0), n).permute(1, 2, 0);
  const distances = solveTriangular(flatFactor, flatX, { upper: false }).pow(2).sum(-2).t();
  const permuted = distances.reshape(x.shape.slice(0, -1));
  const back = [...first];
  for (let i = 0; i < inner; i++) back.push(outer + i, outer + inner + i);
  return permuted.permute(back).reshape(batch);
}

/** @internal The Cholesky factor of a covariance, of its inverse. */
export function precisionToScaleTril(precision: Tensor): Tensor {
  const flipped = cholesky(flip(precision, [-2, -1]));
  const inverse = flip(flipped, [-2, -1]).transpose(-2, -1);
  const { dtype, device } = precision;
  const identity = eye(precision.shape.at(-1)!, { dtype, device });
  return solveTriangular(inverse, identity, { upper: false });
}

/** @internal */
export interface Covariance extends Validation {
  covarianceMatrix?: Tensor | null;
  precisionMatrix?: Tensor | null;
  scaleTril?: Tensor | null;
}

/** @internal The one of the three that was given, and its name. */
export function oneOf(given: Covariance, code: string): [name: string, matrix: Tensor] {
  const { covarianceMatrix, precisionMatrix, scaleTril } = given;
  const found = Object.entries({ covarianceMatrix, precisionMatrix, scaleTril }).filter(
    (entry): entry is [string, Tensor] => Boolean(entry[1]),
  );
  if (found.length !== 1) {
    throw new TorchError(
      'Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.',
      code,
    );
  }
  const [[name, matrix]] = found as [[string, Tensor]];
  if (matrix.ndim < 2) {
    throw new TorchError(
      `${name} must be at least two-dimensional, with optional leading batch dimensions`,
      'ValueError',
    );
  }
  return [name, matrix];
}

/** @internal The Cholesky factor of the covariance. */
export function factorOf(name: string, matrix: Tensor): Tensor {
  if (name === 'scaleTril') return matrix;
  return name === 'covarianceMatrix' ? cholesky(matrix) : precisionToScaleTril(matrix);
}
