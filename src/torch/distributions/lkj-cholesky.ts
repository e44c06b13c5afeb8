import { type Args, type Bound, bind } from '../arguments';
import { TorchError } from '../errors';
import { arange, cat, diagEmbed, lgamma, mvlgamma, randn, sqrt } from '../generated/functions';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import { Beta } from './dirichlet';
import type { Param, SampleShape, Validation } from './distribution';
import { parametric } from './family';
import { broadcastAll } from './parameters';

interface LkjNeeded {
  dim: number;
}

interface LkjOptions extends Validation {
  /** Default 1: all correlations are equally likely. */
  concentration?: Param;
}

/** Cholesky factors of correlation matrices (`torch.distributions.LKJCholesky`). */
export class LKJCholesky extends parametric(
  { concentration: constraints.positive },
  { support: constraints.corrCholesky },
) {
  readonly dim: number;
  private readonly beta: Beta;

  constructor(...args: Args<'LKJCholesky', LkjNeeded, LkjOptions>) {
    super();
    const bound = bind<Bound<LkjNeeded, LkjOptions>>('LKJCholesky', args);
    const { dim } = bound;
    if (dim < 2) {
      throw new TorchError(
        `Expected dim to be an integer greater than or equal to 2. Found dim=${dim}.`,
        'ValueError',
      );
    }
    this.dim = dim;
    const { concentration } = broadcastAll({ concentration: bound.concentration });
    const { dtype, device } = concentration;
    const marginal = concentration.add(0.5 * (dim - 2));
    const places = arange(dim - 1, { dtype, device });
    const offset = cat([places.newZeros([1]), places]);
    this.beta = new Beta(offset.add(0.5), marginal.unsqueeze(-1).sub(offset.mul(0.5)));
    this.setUp({ concentration }, bound, concentration.shape, [dim, dim]);
  }
  override sample(sampleShape: SampleShape = []) {
    const y = this.beta.sample(sampleShape).unsqueeze(-1);
    const { dtype, device } = y;
    const noise = randn(this.extendedShape(sampleShape), { dtype, device }).tril(-1);
    const sphere = noise.div(noise.norm({ dim: -1, keepdim: true }));
    sphere.index('..., 0, :').fill_(0);
    const w = sqrt(y).mul(sphere);
    const diagonal = w
      .pow(2)
      .sum(-1)
      .neg()
      .add(1)
      .clamp({ min: finfo(w.dtype).tiny })
      .sqrt();
    return w.add_(diagEmbed(diagonal));
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const { concentration, dim } = this;
    const diagonal = value.diagonal({ dim1: -1, dim2: -2 }).index('..., 1:');
    const places = arange(2, dim + 1, { device: concentration.device });
    const order = concentration.sub(1).unsqueeze(-1).mul(2).add(dim).sub(places);
    const density = order.mul(diagonal.log()).sum(-1);
    const less = dim - 1;
    const alpha = concentration.add(0.5 * less);
    const denominator = lgamma(alpha).mul(less);
    const numerator = mvlgamma(alpha.sub(0.5), less);
    const normalizer = numerator.add(0.5 * less * Math.log(Math.PI)).sub(denominator);
    return density.sub(normalizer);
  }
}
