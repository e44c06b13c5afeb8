import { type Args, type Bound, bind } from '../arguments';
import { digamma, lgamma, rsqrt } from '../generated/functions';
import { finfo } from '../number-info';
import type { Tensor } from '../tensor';
import * as constraints from './constraints';
import type { Param, SampleShape, Validation } from './distribution';
import { parametric } from './family';
import { Chi2, Gamma } from './gamma';
import { broadcastAll, put, standardNormal } from './parameters';

interface StudentOptions extends Validation {
  loc?: Param;
  scale?: Param;
}

/** (`torch.distributions.StudentT`) */
export class StudentT extends parametric(
  { df: constraints.positive, loc: constraints.real, scale: constraints.positive },
  { support: constraints.real, hasRsample: true },
) {
  private readonly chi2: Chi2;

  constructor(...args: Args<'StudentT', Record<'df', Param>, StudentOptions>) {
    super();
    const { df, loc, scale, ...rest } = bind<Bound<Record<'df', Param>, StudentOptions>>(
      'StudentT',
      args,
    );
    const given = broadcastAll({ df, loc, scale });
    this.chi2 = new Chi2(given.df);
    this.setUp(given, rest);
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

/** The ratio of two chi-squared variables over their degrees of freedom (`torch.distributions.FisherSnedecor`). */
export class FisherSnedecor extends parametric(
  { df1: constraints.positive, df2: constraints.positive },
  { support: constraints.positive, hasRsample: true },
) {
  private readonly gamma1: Gamma;
  private readonly gamma2: Gamma;

  constructor(...args: Args<'FisherSnedecor', Record<'df1' | 'df2', Param>, Validation>) {
    super();
    const bound = bind<Bound<Record<'df1' | 'df2', Param>, Validation>>('FisherSnedecor', args);
    const { df1, df2 } = broadcastAll({ df1: bound.df1, df2: bound.df2 });
    this.gamma1 = new Gamma(df1.mul(0.5), df1);
    this.gamma2 = new Gamma(df2.mul(0.5), df2);
    this.setUp({ df1, df2 }, bound);
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
