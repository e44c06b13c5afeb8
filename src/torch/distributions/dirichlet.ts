import { type Args, type Bound, bind } from '../arguments';
import { Function as AutogradFunction, type FunctionContext } from '../autograd';
import { tensor } from '../creation';
import { lookUp } from '../dispatch';
import { TorchError } from '../errors';
import { digamma, lgamma, stack, xlogy } from '../generated/functions';
import * as F from '../nn/functional';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import { ExponentialFamily, type Param, type SampleShape, type Validation } from './distribution';
import { parametric } from './family';
import { broadcastAll } from './parameters';

const dirichletGrad = lookUp('_dirichlet_grad', ['']);

const sampleDirichlet = lookUp('_sample_dirichlet', ['']);

/** Draws from a Dirichlet distribution, with the gradient of its concentrations. */
class DrawDirichlet extends AutogradFunction {
  static forward(ctx: FunctionContext, concentration: Tensor): Tensor {
    const x = sampleDirichlet([concentration]) as Tensor;
    ctx.saveForBackward(x, concentration);
    return x;
  }
  static backward(ctx: FunctionContext, gradient: Tensor): Tensor {
    const [x, concentration] = ctx.savedTensors as [Tensor, Tensor];
    const total = concentration.sum(-1, true).expandAs(concentration);
    const grad = dirichletGrad([x, concentration, total]) as Tensor;
    return grad.mul(gradient.sub(x.mul(gradient).sum(-1, true)));
  }
}

interface Concentration {
  concentration: Tensor;
}

/** Probabilities of K outcomes (`torch.distributions.Dirichlet`). */
export class Dirichlet extends parametric(
  { concentration: constraints.independent(constraints.positive, 1) },
  { support: constraints.simplex, hasRsample: true },
  ExponentialFamily,
) {
  constructor(...args: Args<'Dirichlet', Concentration, Validation>) {
    super();
    const { concentration, ...rest } = bind<Bound<Concentration, Validation>>('Dirichlet', args);
    if (concentration.ndim < 1) {
      throw new TorchError(
        '`concentration` parameter must be at least one-dimensional.',
        'ValueError',
      );
    }
    const { shape } = concentration;
    this.setUp({ concentration }, rest, shape.slice(0, -1), shape.slice(-1));
  }
  override get mean() {
    return this.concentration.div(this.concentration.sum(-1, true));
  }
  override get mode() {
    const less = this.concentration.sub(1).clamp({ min: 0 });
    const mode = less.div(less.sum(-1, true));
    const mask = this.concentration.lt(1).all(-1);
    const corners = F.oneHot(mode.index(mask).argmax(-1), less.shape.at(-1)!).to(mode);
    return mode.indexSet(mask, corners);
  }
  override get variance() {
    const total = this.concentration.sum(-1, true);
    return this.concentration
      .mul(total.sub(this.concentration))
      .div(total.pow(2).mul(total.add(1)));
  }
  override rsample(sampleShape: SampleShape = []) {
    const shape = this.extendedShape(sampleShape);
    return DrawDirichlet.apply(this.concentration.expand(shape)) as Tensor;
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const { concentration } = this;
    return xlogy(concentration.sub(1), value)
      .sum(-1)
      .add(lgamma(concentration.sum(-1)))
      .sub(lgamma(concentration).sum(-1));
  }
  override entropy() {
    const { concentration } = this;
    const k = concentration.size(-1);
    const total = concentration.sum(-1);
    return lgamma(concentration)
      .sum(-1)
      .sub(lgamma(total))
      .sub(total.neg().add(k).mul(digamma(total)))
      .sub(concentration.sub(1).mul(digamma(concentration)).sum(-1));
  }
  override get naturalParams() {
    return [this.concentration];
  }
  override logNormalizer(x: Tensor) {
    return x
      .lgamma()
      .sum(-1)
      .sub(lgamma(x.sum(-1)));
  }
}

/** A probability (`torch.distributions.Beta`). */
export class Beta extends parametric(
  { concentration1: constraints.positive, concentration0: constraints.positive },
  { support: constraints.unitInterval, hasRsample: true },
  ExponentialFamily,
) {
  private readonly dirichlet: Dirichlet;

  constructor(
    ...args: Args<'Beta', Record<'concentration1' | 'concentration0', Param>, Validation>
  ) {
    super();
    const bound = bind<Bound<Record<'concentration1' | 'concentration0', Param>, Validation>>(
      'Beta',
      args,
    );
    const { concentration1: one, concentration0: zero, ...rest } = bound;
    let both: Tensor;
    if (typeof one === 'number' && typeof zero === 'number') {
      both = tensor([{ float: one }, { float: zero }]);
    } else {
      const given = broadcastAll({ one, zero });
      both = stack([given.one, given.zero], -1);
    }
    this.dirichlet = new Dirichlet(both, rest);
    this.setUp({}, rest, this.dirichlet.batchShape);
  }
  override get concentration1() {
    return this.dirichlet.concentration.select(-1, 0);
  }
  override get concentration0() {
    return this.dirichlet.concentration.select(-1, 1);
  }
  override get mean() {
    return this.concentration1.div(this.concentration1.add(this.concentration0));
  }
  override get mode() {
    return this.dirichlet.mode.select(-1, 0);
  }
  override get variance() {
    const { concentration0, concentration1 } = this;
    const total = concentration1.add(concentration0);
    return concentration1.mul(concentration0).div(total.pow(2).mul(total.add(1)));
  }
  override rsample(sampleShape: SampleShape = []) {
    return this.dirichlet.rsample(sampleShape).select(-1, 0);
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    return this.dirichlet.logProb(stack([value, value.neg().add(1)], -1));
  }
  override entropy() {
    return this.dirichlet.entropy();
  }
  override get naturalParams() {
    return [this.concentration1, this.concentration0];
  }
  override logNormalizer(x: Tensor, y: Tensor) {
    return lgamma(x)
      .add(lgamma(y))
      .sub(lgamma(x.add(y)));
  }
}
