import * as torch from 'tandem-torch';
import { type Call, called, member } from './call';
import { Tuple } from './values';

type Tensor = torch.Tensor;

const { nn } = torch;

/** `x.normal_()` where the database calls the function's name. */
const inPlace = (name: string): Call => member(`${name}_`);

/** The same on a copy, as the database does it. */
const onCopy =
  (name: string): Call =>
  ([x, ...args], options) =>
    member(name)([(x as Tensor).clone(), ...args], options);

/** The first two arguments the other way round. */
const swapped =
  (call: unknown): Call =>
  ([a, b, ...args], options) =>
    called(call, [b, a, ...args], options);

const plainly =
  (call: unknown): Call =>
  (args, options) =>
    called(call, args, options);

const binary =
  (call: (a: Tensor, b: Tensor) => unknown): Call =>
  ([a, b]) =>
    call(a as Tensor, b as Tensor);

/** Operators that the database calls differently, or under Python's own name, by name and variant. */
export const arrangements: Readonly<Record<string, Call>> = {
  cauchy: inPlace('cauchy'),
  exponential: inPlace('exponential'),
  geometric: inPlace('geometric'),
  log_normal: inPlace('logNormal'),
  uniform: inPlace('uniform'),
  'normal (in_place)': inPlace('normal'),
  'normal (number_mean)': swapped(torch.normal),
  resize_: onCopy('resize_'),
  resize_as_: onCopy('resizeAs_'),
  zero_: onCopy('zero_'),
  einsum: swapped(torch.einsum),
  polygamma: swapped(torch.polygamma),
  'special.polygamma': swapped(torch.special.polygamma),
  where: swapped(torch.where),
  'nn.functional.embedding': swapped(nn.functional.embedding),
  'nn.functional.embedding_bag': swapped(nn.functional.embeddingBag),
  _segment_reduce: plainly(torch.segmentReduce),
  'linalg.lstsq (grad_oriented)': ([a, b], options) =>
    (called(torch.linalg.lstsq, [a, b], options) as Tensor[]).slice(0, 2),
  'linalg.pinv (singular)': binary((a, b) => torch.linalg.pinv(a.matmul(b.mT))),
  svd_lowrank: ([a, b], options) =>
    called(torch.svdLowrank, [(a as Tensor).matmul((b as Tensor).mT)], options),
  pca_lowrank: ([a, b], options) =>
    called(torch.pcaLowrank, [(a as Tensor).matmul((b as Tensor).mT)], options),
  max_pool2d_with_indices_backward: maxPoolBackward,
  // Python's operators with the tensor on the right, and indexing.
  __radd__: binary((x, other) => x.add(other)),
  __rmul__: binary((x, other) => x.mul(other)),
  __rsub__: binary((x, other) => torch.rsub(x, other)),
  __rdiv__: binary((x, other) => x.reciprocal().mul(other)),
  __rpow__: binary((x, other) => torch.pow(other, x)),
  __rmod__: binary((x, other) => torch.remainder(other, x)),
  __rmatmul__: binary((x, other) => torch.matmul(other, x)),
  __rand__: binary((x, other) => x.bitwiseAnd(other)),
  __ror__: binary((x, other) => x.bitwiseOr(other)),
  __rxor__: binary((x, other) => x.bitwiseXor(other)),
  __getitem__: ([x, at]) =>
    (x as Tensor).index(...((at instanceof Tuple ? at : [at]) as torch.Index[])),
};

function maxPoolBackward([x]: unknown[], options: Record<string, unknown>): unknown {
  const { kernelSize, padding = [0], dilation = [1], ceilMode = false } = options;
  const stride = options.stride ?? kernelSize;
  const pooling = { ...options, kernelSize, returnIndices: true };
  const [out, indices] = called(nn.functional.maxPool2d, [x], pooling) as [Tensor, Tensor];
  const backward = torch.ops.aten.max_pool2d_with_indices_backward;
  const args = [torch.onesLike(out), x, kernelSize, stride, padding, dilation, ceilMode, indices];
  return called(backward, args, {});
}
