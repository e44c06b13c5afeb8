import { type Args, type Bound, bind } from '../arguments';
import { noGrad } from '../autograd';
import { TorchError } from '../errors';
import { gather, logSoftmax, logsumexp } from '../generated/functions';
import type { Tensor } from '../tensor';
import { Categorical } from './categorical';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import { Distribution, type SampleShape, type Validation } from './distribution';

interface MixtureNeeded {
  mixtureDistribution: Categorical;
  componentDistribution: Distribution;
}

/** One of several distributions of a kind, picked by a categorical one (`torch.distributions.MixtureSameFamily`). */
export class MixtureSameFamily extends Distribution {
  declare readonly mixtureDistribution: Categorical;
  declare readonly componentDistribution: Distribution;

  constructor(...args: Args<'MixtureSameFamily', MixtureNeeded, Validation>) {
    super();
    const bound = bind<Bound<MixtureNeeded, Validation>>('MixtureSameFamily', args);
    const { mixtureDistribution: mixture, componentDistribution: components } = bound;
    if (!(mixture instanceof Categorical)) {
      throw new TorchError(
        ' The Mixture distribution needs to be an  instance of torch.distributions.Categorical',
        'ValueError',
      );
    }
    const count = mixture.logits.shape.at(-1)!;
    if (count !== components.batchShape.at(-1)) {
      throw new TorchError(
        `\`mixture_distribution component\` (${count}) does not equal \`component_distribution.batch_shape[-1]\` (${components.batchShape.at(-1)})`,
        'ValueError',
      );
    }
    Object.assign(this, {
      mixtureDistribution: mixture,
      componentDistribution: components,
    });
    this.setUp({}, bound, components.batchShape.slice(0, -1), components.eventShape);
  }
  get argConstraints() {
    return {};
  }
  get support(): Constraint {
    return new constraints.MixtureSameFamilyConstraint(this.componentDistribution.support);
  }
  private get dim(): number {
    return -1 - this.eventShape.length;
  }
  private pad(x: Tensor): Tensor {
    return x.unsqueeze(this.dim);
  }
  private get weights(): Tensor {
    const { probs, batchShape } = this.mixtureDistribution;
    const missing = batchShape.length === 1 ? 0 : this.batchShape.length - batchShape.length;
    return probs.reshape([
      ...probs.shape.slice(0, -1),
      ...Array.from({ length: missing }, () => 1),
      ...probs.shape.slice(-1),
      ...this.eventShape.map(() => 1),
    ]);
  }
  override get mean() {
    return this.weights.mul(this.componentDistribution.mean).sum(this.dim);
  }
  override get variance() {
    const { weights } = this;
    const within = weights.mul(this.componentDistribution.variance).sum(this.dim);
    const distances = this.componentDistribution.mean.sub(this.pad(this.mean)).pow(2);
    return within.add(weights.mul(distances).sum(this.dim));
  }
  override cdf(x: Tensor) {
    const each = this.componentDistribution.cdf(this.pad(x));
    return each.mul(this.mixtureDistribution.probs).sum(-1);
  }
  override logProb(x: Tensor) {
    this.checkValue(x);
    const each = this.componentDistribution.logProb(this.pad(x));
    const weights = logSoftmax(this.mixtureDistribution.logits, -1);
    return logsumexp(each.add(weights), -1);
  }
  override sample(sampleShape: SampleShape = []) {
    return noGrad(() => {
      const dim = sampleShape.length + this.batchShape.length;
      const picked = this.mixtureDistribution.sample(sampleShape);
      const samples = this.componentDistribution.sample(sampleShape);
      const ones = this.eventShape.map(() => 1);
      const index = picked
        .reshape([...picked.shape, 1, ...ones])
        .repeat([...picked.shape.map(() => 1), 1, ...this.eventShape]);
      return gather(samples, dim, index).squeeze(dim);
    });
  }
  override toString(): string {
    return `MixtureSameFamily(\n  ${this.mixtureDistribution},\n  ${this.componentDistribution})`;
  }
}
