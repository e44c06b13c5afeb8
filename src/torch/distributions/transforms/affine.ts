import { type Args, type Bound, bind } from '../../arguments';
import { broadcastShapes } from '../../functional';
import { fullLike } from '../../generated/functions';
import { Tensor } from '../../tensor';
import * as constraints from '../constraints';
import type { Param } from '../distribution';
import { times } from './compose';
import { type CacheOptions, type Shape, Transform } from './transform';

interface AffineNeeded {
  loc: Param;
  scale: Param;
}
interface AffineOptions extends CacheOptions {
  eventDim?: number;
}

/** `loc + scale · x`. */
export class AffineTransform extends Transform {
  readonly loc: Param;
  readonly scale: Param;
  private readonly dims: number;

  constructor(...args: Args<'AffineTransform', AffineNeeded, AffineOptions>) {
    const bound = bind<Bound<AffineNeeded, AffineOptions>>('AffineTransform', args);
    super(bound.cacheSize);
    this.loc = bound.loc;
    this.scale = bound.scale;
    this.dims = bound.eventDim;
  }
  override get eventDim() {
    return this.dims;
  }
  get domain() {
    return this.dims === 0
      ? constraints.real
      : constraints.independent(constraints.real, this.dims);
  }
  get codomain() {
    return this.domain;
  }
  override get bijective() {
    return true;
  }
  override get sign() {
    return typeof this.scale === 'number' ? Math.sign(this.scale) : this.scale.sign();
  }
  protected apply(x: Tensor) {
    return (times(this.scale, x) as Tensor).add(this.loc);
  }
  protected override inverse(y: Tensor) {
    return y.sub(this.loc).div(this.scale);
  }
  override logAbsDetJacobian(x: Tensor) {
    const { dims, scale } = this;
    const result =
      typeof scale === 'number' ? fullLike(x, Math.log(Math.abs(scale))) : scale.abs().log();
    if (dims === 0) return result.expand(x.shape);
    const summed = result.view([...result.shape.slice(0, -dims), -1]).sum(-1);
    return summed.expand(x.shape.slice(0, -dims));
  }
  private shapes(): Shape[] {
    return [this.loc, this.scale].map((each) => (typeof each === 'number' ? [] : each.shape));
  }
  override forwardShape(shape: Shape) {
    return broadcastShapes(shape, ...this.shapes());
  }
  override inverseShape(shape: Shape) {
    return broadcastShapes(shape, ...this.shapes());
  }
  protected override equalsOwn(other: Transform) {
    const { loc, scale } = other as AffineTransform;
    const same = (a: Param, b: Param): boolean => {
      if (typeof a === 'number' && typeof b === 'number') return a === b;
      const [tensor, value] = a instanceof Tensor ? [a, b] : [b as Tensor, a];
      return Boolean(
        tensor
          .eq(value as number)
          .all()
          .item(),
      );
    };
    return same(this.loc, loc) && same(this.scale, scale);
  }
}
