import { type Args, type Bound, bind } from '../../arguments';
import { broadcastShapes } from '../../functional';
import { sigmoid, sub } from '../../generated/functions';
import * as F from '../../nn/functional';
import { finfo } from '../../number-info';
import type { Tensor } from '../../tensor';
import * as constraints from '../constraints';
import type { Param } from '../distribution';
import { broadcastAll, over } from '../parameters';
import { between, type CacheOptions, growing, type Shape, type Transform } from './transform';

/** `exp(x)`. */
export class ExpTransform extends between(constraints.real, constraints.positive, growing) {
  protected override apply(x: Tensor) {
    return x.exp();
  }
  protected override inverse(y: Tensor) {
    return y.log();
  }
  override logAbsDetJacobian(x: Tensor) {
    return x;
  }
}

/** `x ** exponent`. */
export class PowerTransform extends between(constraints.positive, constraints.positive, {
  bijective: true,
}) {
  readonly exponent: Tensor;

  constructor(...args: Args<'PowerTransform', Record<'exponent', Param>, CacheOptions>) {
    const { exponent, cacheSize } = bind<Bound<Record<'exponent', Param>, CacheOptions>>(
      'PowerTransform',
      args,
    );
    super(cacheSize);
    this.exponent = broadcastAll({ exponent }).exponent;
  }
  override get sign() {
    return this.exponent.sign();
  }
  protected override apply(x: Tensor) {
    return x.pow(this.exponent);
  }
  protected override inverse(y: Tensor) {
    return y.pow(over(1, this.exponent));
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor) {
    return this.exponent.mul(y).div(x).abs().log();
  }
  override forwardShape(shape: Shape) {
    return broadcastShapes(shape, this.exponent.shape);
  }
  override inverseShape(shape: Shape) {
    return broadcastShapes(shape, this.exponent.shape);
  }
  protected override equalsOwn(other: Transform) {
    return this.exponent
      .eq((other as PowerTransform).exponent)
      .all()
      .item() as never as boolean;
  }
}

/** @internal */
export function clippedSigmoid(x: Tensor): Tensor {
  const { tiny, eps } = finfo(x.dtype);
  return sigmoid(x).clamp(tiny, 1 - eps);
}

/** `1 / (1 + exp(-x))`, kept off 0 and 1. */
export class SigmoidTransform extends between(constraints.real, constraints.unitInterval, growing) {
  protected override apply(x: Tensor) {
    return clippedSigmoid(x);
  }
  protected override inverse(y: Tensor) {
    const { tiny, eps } = finfo(y.dtype);
    const clamped = y.clamp(tiny, 1 - eps);
    return clamped.log().sub(clamped.neg().log1p());
  }
  override logAbsDetJacobian(x: Tensor) {
    return F.softplus(x.neg()).neg().sub(F.softplus(x));
  }
}

/** `log(1 + exp(x))`. */
export class SoftplusTransform extends between(constraints.real, constraints.positive, growing) {
  protected override apply(x: Tensor) {
    return F.softplus(x);
  }
  protected override inverse(y: Tensor) {
    return y.neg().expm1().neg().log().add(y);
  }
  override logAbsDetJacobian(x: Tensor) {
    return F.softplus(x.neg()).neg();
  }
}

/** `tanh(x)`. */
export class TanhTransform extends between(constraints.real, constraints.interval(-1, 1), growing) {
  protected override apply(x: Tensor) {
    return x.tanh();
  }
  protected override inverse(y: Tensor) {
    return y.atanh();
  }
  override logAbsDetJacobian(x: Tensor) {
    return sub(Math.log(2), x)
      .sub(F.softplus(x.mul(-2)))
      .mul(2);
  }
}

/** `|x|`; the way back takes the positive one. */
export class AbsTransform extends between(constraints.real, constraints.positive) {
  protected override apply(x: Tensor) {
    return x.abs();
  }
  protected override inverse(y: Tensor) {
    return y;
  }
}
