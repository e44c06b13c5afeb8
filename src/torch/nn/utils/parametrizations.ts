import { type Args, type Bound, bind } from '../../arguments';
/** `torch.nn.utils.parametrizations`: weights of a certain norm. */
import { noGrad } from '../../autograd';
import { TorchError } from '../../errors';
import { mv, normExceptDim, vdot } from '../../generated/functions';
import { Tensor } from '../../tensor';
import { normalize } from '../functional/normalization';
import { Module } from '../module';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from '../modules/conv-transpose';
import { registerParametrization } from './parametrize';
import { combine } from './weight-norm';

export { orthogonal } from './orthogonal';

class _WeightNorm extends Module {
  constructor(readonly dim: number) {
    super();
  }
  forward(g: Tensor, v: Tensor): Tensor {
    return combine(v, g, this.dim);
  }
  rightInverse(weight: Tensor): Tensor[] {
    return [normExceptDim(weight, 2, this.dim), weight];
  }
}

/**
 * Learns a weight's length and direction on their own
 * (`torch.nn.utils.parametrizations.weight_norm`; Salimans and Kingma 2016).
 *
 * @param dim The dimension that keeps a length for each of its places; null for one length in all.
 */
export function weightNorm<M extends Module>(
  ...args: Args<'weight_norm', { module: M }, { name?: string; dim?: number | null }>
): M {
  const { module, name, dim } = bind<{ module: M; name: string; dim: number | null }>(
    'weight_norm',
    args,
  );
  return registerParametrization(module, name, new _WeightNorm(dim ?? -1));
}

class _SpectralNorm extends Module {
  readonly _u: Tensor | null = null;
  readonly _v: Tensor | null = null;

  constructor(
    weight: Tensor,
    readonly nPowerIterations: number,
    readonly dim: number,
    readonly eps: number,
  ) {
    super();
    if (weight.ndim < 2) return;
    const matrix = this.matrix(weight.detach());
    const [h, w] = matrix.shape as [number, number];
    const [u, v] = [h, w].map((size) => matrix.newEmpty([size]).normal_(0, 1));
    this.registerBuffer('_u', normalize(u!, { dim: 0, eps }));
    this.registerBuffer('_v', normalize(v!, { dim: 0, eps }));
    this.iterate(matrix, 15);
  }

  private matrix(weight: Tensor): Tensor {
    if (this.dim === 0) return weight.flatten(1);
    const rest = weight.shape.map((_, i) => i).filter((i) => i !== this.dim);
    return weight.permute([this.dim, ...rest]).flatten(1);
  }

  /** Brings the two vectors nearer to those of the largest singular value. */
  private iterate(matrix: Tensor, times: number): void {
    const [u, v, eps] = [this._u!, this._v!, this.eps];
    noGrad(() => {
      for (let i = 0; i < times; i++) {
        u.copy_(normalize(mv(matrix, v), { dim: 0, eps }));
        v.copy_(normalize(mv(matrix.H, u), { dim: 0, eps }));
      }
    });
  }

  forward(weight: Tensor): Tensor {
    if (!this._u || !this._v) return normalize(weight, { dim: 0, eps: this.eps });
    const matrix = this.matrix(weight);
    if (this.training) this.iterate(matrix, this.nPowerIterations);
    const [u, v] = [this._u.clone(), this._v.clone()];
    return weight.div(vdot(u, mv(matrix, v)));
  }
  rightInverse(value: Tensor): Tensor {
    return value;
  }
}

interface SpectralNormOptions {
  /** The parameter's property. Default `weight`. */
  name?: string;
  /** Default 1. */
  nPowerIterations?: number;
  /** Default 1e-12. */
  eps?: number;
  dim?: number | null;
}

/**
 * Divides a weight by its largest singular value, which power iterations follow
 * (`torch.nn.utils.parametrizations.spectral_norm`; Miyato et al. 2018).
 *
 * @param options `dim`: the dimension of the outputs, by default 1 for transposed convolutions and
 *   else 0; `nPowerIterations`: for each computation while training, 1 by default.
 */
export function spectralNorm<M extends Module>(
  ...args: Args<'spectral_norm', { module: M }, SpectralNormOptions>
): M {
  const bound = bind<Bound<{ module: M }, SpectralNormOptions>>('spectral_norm', args);
  const { module, name, nPowerIterations, eps } = bound;
  const weight = module.property(name);
  if (!(weight instanceof Tensor)) {
    throw new TorchError(
      `Module '${module}' has no parameter or buffer with name '${name}'`,
      'ValueError',
    );
  }
  if (nPowerIterations <= 0) {
    throw new TorchError(
      `Expected n_power_iterations to be positive, but got n_power_iterations=${nPowerIterations}`,
      'ValueError',
    );
  }
  const transposed = [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d].some(
    (kind) => module instanceof kind,
  );
  const dim = bound.dim ?? (transposed ? 1 : 0);
  const axis = dim < 0 ? dim + weight.ndim : dim;
  return registerParametrization(
    module,
    name,
    new _SpectralNorm(weight, nPowerIterations, axis, eps),
  );
}
