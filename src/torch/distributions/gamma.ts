import { type Args, type Bound, bind } from '../arguments';
import { Function as AutogradFunction, type FunctionContext } from '../autograd';
import { asTensor, tensor } from '../creation';
import { lookUp } from '../dispatch';
import { TorchError } from '../errors';
import { digamma, lgamma, log, rsqrt, stack, where, xlogy } from '../generated/functions';
import { gammainc } from '../generated/special';
import * as F from '../nn/functional';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import { TransformedDistribution } from './derived';
import {
  Distribution,
  ExponentialFamily,
  type Param,
  type SampleShape,
  type Validation,
} from './distribution';
import { broadcastAll, put, standardNormal } from './parameters';
import { PowerTransform } from './transforms';

interface GammaNeeded {
  concentration: Param;
  rate: Param;
}

const standardGamma = lookUp('_standard_gamma', ['']);

/** (`torch.distributions.Gamma`) */
export class Gamma extends ExponentialFamily {
  constructor(...args: [] | Args<'Gamma', GammaNeeded, Validation>) {
    super();
    if (args.length === 0 && new.target !== Gamma) return;
    const { concentration, rate, ...rest } = bind<Bound<GammaNeeded, Validation>>('Gamma', args);
    this.setUp(broadcastAll({ concentration, rate }), rest);
  }
  get argConstraints(): Readonly<Record<string, Constraint>> {
    return { concentration: constraints.positive, rate: constraints.positive };
  }
  get support() {
    return constraints.nonnegative;
  }
  override get hasRsample() {
    return true;
  }
  get concentration() {
    return this.parameter('concentration');
  }
  get rate() {
    return this.parameter('rate');
  }
  override get mean() {
    return this.concentration.div(this.rate);
  }
  override get mode() {
    return this.concentration.sub(1).div(this.rate).clamp({ min: 0 });
  }
  override get variance() {
    return this.concentration.div(this.rate.pow(2));
  }
  override rsample(sampleShape: SampleShape = []) {
    const shape = this.extendedShape(sampleShape);
    const drawn = standardGamma([this.concentration.expand(shape)]) as Tensor;
    const value = drawn.div(this.rate.expand(shape));
    value.detach().clamp_({ min: finfo(value.dtype).tiny });
    return value;
  }
  override logProb(given: Tensor) {
    const { concentration, rate } = this;
    const value = asTensor(given, { dtype: rate.dtype, device: rate.device });
    this.checkValue(value);
    return xlogy(concentration, rate)
      .add(xlogy(concentration.sub(1), value))
      .sub(rate.mul(value))
      .sub(lgamma(concentration));
  }
  override entropy() {
    const { concentration, rate } = this;
    return concentration
      .sub(log(rate))
      .add(lgamma(concentration))
      .add(concentration.neg().add(1).mul(digamma(concentration)));
  }
  override cdf(value: Tensor) {
    this.checkValue(value);
    return gammainc(this.concentration, this.rate.mul(value));
  }
  override get naturalParams() {
    return [this.concentration.sub(1), this.rate.neg()];
  }
  override logNormalizer(x: Tensor, y: Tensor) {
    return lgamma(x.add(1)).add(x.add(1).mul(log(y.reciprocal().neg())));
  }
  protected override get meanCarrierMeasure() {
    return 0;
  }
}

interface Df {
  df: Param;
}

/** The sum of squares of `df` standard normal variables (`torch.distributions.Chi2`). */
export class Chi2 extends Gamma {
  constructor(...args: Args<'Chi2', Df, Validation>) {
    super();
    const { df, ...rest } = bind<Bound<Df, Validation>>('Chi2', args);
    const half = typeof df === 'number' ? 0.5 * df : df.mul(0.5);
    this.setUp(broadcastAll({ concentration: half, rate: 0.5 }), rest);
  }
  override get argConstraints() {
    return { df: constraints.positive };
  }
  get df() {
    return this.concentration.mul(2);
  }
}

/** The reciprocal of a gamma variable (`torch.distributions.InverseGamma`). */
export class InverseGamma extends TransformedDistribution {
  declare readonly baseDist: Gamma;

  constructor(...args: Args<'InverseGamma', GammaNeeded, Validation>) {
    super();
    const bound = bind<Bound<GammaNeeded, Validation>>('InverseGamma', args);
    const { concentration, rate, ...rest } = bound;
    const base = new Gamma(concentration, rate, rest);
    this.transform(base, new PowerTransform(base.rate.newOnes([]).neg()), {}, rest);
  }
  override get argConstraints() {
    return { concentration: constraints.positive, rate: constraints.positive };
  }
  override get support() {
    return constraints.positive;
  }
  get concentration() {
    return this.baseDist.concentration;
  }
  get rate() {
    return this.baseDist.rate;
  }
  override get mean() {
    const result = this.rate.div(this.concentration.sub(1));
    return where(this.concentration.gt(1), result, Number.POSITIVE_INFINITY);
  }
  override get mode() {
    return this.rate.div(this.concentration.add(1));
  }
  override get variance() {
    const { concentration } = this;
    const result = this.rate.square().div(concentration.sub(1).square().mul(concentration.sub(2)));
    return where(concentration.gt(2), result, Number.POSITIVE_INFINITY);
  }
  override entropy() {
    const { concentration } = this;
    return concentration
      .add(this.rate.log())
      .add(concentration.lgamma())
      .sub(concentration.add(1).mul(concentration.digamma()));
  }
}

interface Dfs {
  df1: Param;
  df2: Param;
}

/** The ratio of two chi-squared variables over their degrees of freedom (`torch.distributions.FisherSnedecor`). */
export class FisherSnedecor extends Distribution {
  private readonly gamma1: Gamma;
  private readonly gamma2: Gamma;

  constructor(...args: Args<'FisherSnedecor', Dfs, Validation>) {
    super();
    const bound = bind<Bound<Dfs, Validation>>('FisherSnedecor', args);
    const { df1, df2 } = broadcastAll({ df1: bound.df1, df2: bound.df2 });
    this.gamma1 = new Gamma(df1.mul(0.5), df1);
    this.gamma2 = new Gamma(df2.mul(0.5), df2);
    this.setUp({ df1, df2 }, bound);
  }
  override expand(batchShape: readonly number[]): this {
    return this.copyFor(batchShape, {
      gamma1: this.gamma1.expand(batchShape),
      gamma2: this.gamma2.expand(batchShape),
    });
  }
  get argConstraints() {
    return { df1: constraints.positive, df2: constraints.positive };
  }
  get support() {
    return constraints.positive;
  }
  override get hasRsample() {
    return true;
  }
  get df1() {
    return this.parameter('df1');
  }
  get df2() {
    return this.parameter('df2');
  }
  /** `df2`, NaN where there are too few for a moment. */
  private enough(least: number): Tensor {
    const df2 = this.df2.clone({ memoryFormat: 'contiguous_format' });
    return put(df2, df2.le(least), Number.NaN);
  }
  override get mean() {
    const df2 = this.enough(2);
    return df2.div(df2.sub(2));
  }
  override get mode() {
    const mode = this.df1.sub(2).div(this.df1).mul(this.df2).div(this.df2.add(2));
    return put(mode, this.df1.le(2), Number.NaN);
  }
  override get variance() {
    const df2 = this.enough(4);
    return df2
      .pow(2)
      .mul(2)
      .mul(this.df1.add(df2).sub(2))
      .div(this.df1.mul(df2.sub(2).pow(2)).mul(df2.sub(4)));
  }
  override rsample(sampleShape: SampleShape = []) {
    const shape = this.extendedShape(sampleShape);
    const x1 = this.gamma1.rsample(sampleShape).view(shape);
    const x2 = this.gamma2.rsample(sampleShape).view(shape);
    const min = finfo(x2.dtype).tiny;
    x2.clamp_({ min });
    return x1.div(x2).clamp_({ min });
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const half1 = this.df1.mul(0.5);
    const half2 = this.df2.mul(0.5);
    const ratio = this.df1.div(this.df2);
    const sum = half1.add(half2);
    const t1 = sum.lgamma().sub(half1.lgamma()).sub(half2.lgamma());
    const t2 = half1.mul(ratio.log()).add(half1.sub(1).mul(value.log()));
    const t3 = sum.mul(ratio.mul(value).log1p());
    return t1.add(t2).sub(t3);
  }
}

interface StudentOptions extends Validation {
  loc?: Param;
  scale?: Param;
}

/** (`torch.distributions.StudentT`) */
export class StudentT extends Distribution {
  private readonly chi2: Chi2;

  constructor(...args: Args<'StudentT', Df, StudentOptions>) {
    super();
    const { df, loc, scale, ...rest } = bind<Bound<Df, StudentOptions>>('StudentT', args);
    const given = broadcastAll({ df, loc, scale });
    this.chi2 = new Chi2(given.df);
    this.setUp(given, rest);
  }
  override expand(batchShape: readonly number[]): this {
    return this.copyFor(batchShape, { chi2: this.chi2.expand(batchShape) });
  }
  get argConstraints() {
    return { df: constraints.positive, loc: constraints.real, scale: constraints.positive };
  }
  get support() {
    return constraints.real;
  }
  override get hasRsample() {
    return true;
  }
  get df() {
    return this.parameter('df');
  }
  get loc() {
    return this.parameter('loc');
  }
  get scale() {
    return this.parameter('scale');
  }
  override get mean() {
    const mean = this.loc.clone({ memoryFormat: 'contiguous_format' });
    return put(mean, this.df.le(1), Number.NaN);
  }
  override get mode() {
    return this.loc;
  }
  override get variance() {
    const { df, scale } = this;
    const variance = df.clone({ memoryFormat: 'contiguous_format' });
    const has = df.gt(2);
    const own = df.index(has);
    variance.indexSet(has, scale.index(has).pow(2).mul(own).div(own.sub(2)));
    put(variance, df.le(2).bitwiseAnd(df.gt(1)), Number.POSITIVE_INFINITY);
    return put(variance, df.le(1), Number.NaN);
  }
  override rsample(sampleShape: SampleShape = []) {
    const noise = standardNormal(this.extendedShape(sampleShape), this.df);
    const squares = this.chi2.rsample(sampleShape);
    return this.loc.add(this.scale.mul(noise.mul(rsqrt(squares.div(this.df)))));
  }
  override logProb(value: Tensor) {
    this.checkValue(value);
    const { df, scale } = this;
    const y = value.sub(this.loc).div(scale);
    const normalizer = scale
      .log()
      .add(df.log().mul(0.5))
      .add(0.5 * Math.log(Math.PI))
      .add(lgamma(df.mul(0.5)))
      .sub(lgamma(df.add(1).mul(0.5)));
    return df.add(1).mul(-0.5).mul(y.pow(2).div(df).log1p()).sub(normalizer);
  }
  override entropy() {
    const { df } = this;
    const half = df.mul(0.5);
    const more = df.add(1).mul(0.5);
    // lgamma(1/2)
    const beta = lgamma(half).add(0.5723649429247001).sub(lgamma(more));
    return this.scale
      .log()
      .add(more.mul(digamma(more).sub(digamma(half))))
      .add(df.log().mul(0.5))
      .add(beta);
  }
}

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
export class Dirichlet extends ExponentialFamily {
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
  get argConstraints() {
    return { concentration: constraints.independent(constraints.positive, 1) };
  }
  get support() {
    return constraints.simplex;
  }
  override get hasRsample() {
    return true;
  }
  get concentration() {
    return this.parameter('concentration');
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

interface Concentrations {
  concentration1: Param;
  concentration0: Param;
}

/** A probability (`torch.distributions.Beta`). */
export class Beta extends ExponentialFamily {
  private readonly dirichlet: Dirichlet;

  constructor(...args: Args<'Beta', Concentrations, Validation>) {
    super();
    const bound = bind<Bound<Concentrations, Validation>>('Beta', args);
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
  override expand(batchShape: readonly number[]): this {
    return this.copyFor(batchShape, { dirichlet: this.dirichlet.expand(batchShape) });
  }
  get argConstraints() {
    return { concentration1: constraints.positive, concentration0: constraints.positive };
  }
  get support() {
    return constraints.unitInterval;
  }
  override get hasRsample() {
    return true;
  }
  get concentration1() {
    return this.dirichlet.concentration.select(-1, 0);
  }
  get concentration0() {
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
