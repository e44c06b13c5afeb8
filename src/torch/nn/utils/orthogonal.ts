import { type Args, type Bound, bind } from '../../arguments';
import { noGrad } from '../../autograd';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import { householderProduct, solve } from '../../generated/linalg';
import { finfo } from '../../number-info';
import { Tensor } from '../../tensor';
import { Module } from '../module';
import { shapeText } from '../repr';
import { registerParametrization } from './parametrize';

const maps = ['matrix_exp', 'cayley', 'householder'] as const;
type OrthogonalMap = (typeof maps)[number];

const fail = (message: string, code = 'ValueError') => new TorchError(message, code);
const diagonal = (matrix: Tensor): Tensor => matrix.diagonal({ offset: 0, dim1: -2, dim2: -1 });

function isOrthogonal(q: Tensor): boolean {
  const [n, k] = [q.size(-2), q.size(-1)];
  const identity = f.eye(k, { dtype: q.dtype, device: q.device });
  return f.allclose(q.mH.matmul(q), identity, { atol: 10 * n * finfo(q.dtype).eps });
}

function makeOrthogonal(a: Tensor): Tensor {
  const [x, tau] = f.geqrf(a);
  return householderProduct(x!, tau!).mul_(diagonal(x!).sgn().unsqueeze(-2));
}

class _Orthogonal extends Module {
  readonly base: Tensor | null = null;
  private readonly sizes: readonly number[];

  constructor(
    weight: Tensor,
    private readonly map: OrthogonalMap,
    private readonly useTrivialization: boolean,
  ) {
    super();
    if (weight.isComplex() && map === 'householder') {
      throw fail('The householder parametrization does not support complex tensors.');
    }
    this.sizes = weight.shape;
    if (useTrivialization) this.registerBuffer('base', null);
  }

  forward(given: Tensor): Tensor {
    const transposed = given.size(-2) < given.size(-1);
    const x = transposed ? given.mT : given;
    const q = this.map === 'householder' ? this.reflected(x) : this.rotated(x);
    const based = this.base ? this.base.matmul(q) : q;
    return transposed ? based.mT : based;
  }

  private rotated(given: Tensor): Tensor {
    const [n, k] = [given.size(-2), given.size(-1)];
    let x = given.tril();
    if (n !== k) {
      const zeros = x.newZeros([n, n - k]).expand([...x.shape.slice(0, -2), -1, -1]);
      x = f.cat([x, zeros], -1);
    }
    const a = x.sub(x.mH);
    let q: Tensor;
    if (this.map === 'matrix_exp') q = f.matrixExp(a);
    else {
      const identity = f.eye(n, { dtype: a.dtype, device: a.device });
      q = solve(f.add(identity, a, { alpha: -0.5 }), f.add(identity, a, { alpha: 0.5 }));
    }
    return n === k ? q : q.narrow(-1, 0, k);
  }

  private reflected(x: Tensor): Tensor {
    const a = x.tril({ diagonal: -1 });
    const tau = a.mul(a).sum({ dim: -2 }).add(1).reciprocal().mul(2);
    const q = householderProduct(a, tau);
    return q.mul(diagonal(x).int().unsqueeze(-2));
  }

  rightInverse(given: Tensor): Tensor {
    return noGrad(() => this.inverse(given));
  }

  private inverse(given: Tensor): Tensor {
    if (String(given.shape) !== String(this.sizes)) {
      throw fail(
        `Expected a matrix or batch of matrices of shape ${shapeText(this.sizes)}. Got a tensor of shape ${shapeText(given.shape)}.`,
      );
    }
    const transposed = given.size(-2) < given.size(-1);
    const q = transposed ? given.mT : given;
    const [n, k] = [q.size(-2), q.size(-1)];
    if (!this.useTrivialization) {
      if (this.map !== 'householder') {
        throw fail(
          'It is not possible to assign to the matrix exponential or the Cayley parametrizations when use_trivialization=False.',
          'NotImplementedError',
        );
      }
      const [a, tau] = f.geqrf(q);
      diagonal(a!).sign_();
      const entries = diagonal(a!);
      entries.copy_(f.where(tau!.eq(0), entries.neg(), entries));
      return transposed ? a!.mT : a!;
    }
    let base: Tensor;
    if (n === k) base = isOrthogonal(q) ? q.clone() : makeOrthogonal(q);
    else {
      const { dtype, device } = q;
      const rest = f.randn([...q.shape.slice(0, -2), n, n - k], { dtype, device });
      base = makeOrthogonal(f.cat([q, rest], -1));
    }
    this.registerBuffer('base', base);
    const negative = f.zerosLike(given);
    diagonal(negative).fill_(-1);
    return negative;
  }
}

interface Options {
  /** The parameter's property. Default `weight`. */
  name?: string;
  /** By default `matrix_exp` for square and complex matrices, else `householder`. */
  orthogonalMap?: OrthogonalMap | null;
  /** Whether to start from the weight as it is. Default true. */
  useTrivialization?: boolean;
}

/**
 * Keeps a weight's matrix, or each of a batch, orthogonal (`torch.nn.utils.parametrizations.orthogonal`): its rows or
 * columns, whichever are fewer, have length 1 and stand at right angles. Throws TorchError for no matrix, and for an unknown
 * `orthogonalMap`.
 */
export function orthogonal<M extends Module>(
  ...args: Args<'orthogonal', { module: M }, Options>
): M {
  const given = bind<Bound<{ module: M }, Options>>('orthogonal', args);
  const { module, name, useTrivialization } = given;
  const weight = module.property(name);
  if (!(weight instanceof Tensor)) {
    throw fail(`Module '${module}' has no parameter or buffer with name '${name}'`);
  }
  if (weight.ndim < 2) {
    throw fail(
      `Expected a matrix or batch of matrices. Got a tensor of ${weight.ndim} dimensions.`,
    );
  }
  const square = weight.size(-2) === weight.size(-1) || weight.isComplex();
  const map = given.orthogonalMap ?? (square ? 'matrix_exp' : 'householder');
  if (!maps.includes(map)) {
    throw fail(
      `orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: ${map}`,
    );
  }
  return registerParametrization(module, name, new _Orthogonal(weight, map, useTrivialization));
}
