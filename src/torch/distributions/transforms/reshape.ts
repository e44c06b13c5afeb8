import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import * as constraints from '../constraints';
import { sumRightmost } from '../parameters';
import { type CacheOptions, type Shape, Transform, tooFew } from './transform';

interface IndependentNeeded {
  baseTransform: Transform;
  reinterpretedBatchNdims: number;
}

/** A transform whose last batch dimensions belong to the value. */
export class IndependentTransform extends Transform {
  readonly baseTransform: Transform;
  readonly reinterpretedBatchNdims: number;

  constructor(...args: Args<'IndependentTransform', IndependentNeeded, CacheOptions>) {
    const bound = bind<Bound<IndependentNeeded, CacheOptions>>('IndependentTransform', args);
    super(bound.cacheSize);
    this.baseTransform = bound.baseTransform.withCache(bound.cacheSize);
    this.reinterpretedBatchNdims = bound.reinterpretedBatchNdims;
  }
  get domain() {
    return constraints.independent(this.baseTransform.domain, this.reinterpretedBatchNdims);
  }
  get codomain() {
    return constraints.independent(this.baseTransform.codomain, this.reinterpretedBatchNdims);
  }
  override get bijective() {
    return this.baseTransform.bijective;
  }
  override get sign() {
    return this.baseTransform.sign;
  }
  protected apply(x: Tensor): Tensor {
    if (x.ndim < this.domain.eventDim) throw tooFew();
    return this.baseTransform.call(x);
  }
  protected override inverse(y: Tensor): Tensor {
    if (y.ndim < this.codomain.eventDim) throw tooFew();
    return this.baseTransform.inv.call(y);
  }
  override logAbsDetJacobian(x: Tensor, y: Tensor): Tensor {
    const result = this.baseTransform.logAbsDetJacobian(x, y);
    return sumRightmost(result, this.reinterpretedBatchNdims);
  }
  override forwardShape(shape: Shape) {
    return this.baseTransform.forwardShape(shape);
  }
  override inverseShape(shape: Shape) {
    return this.baseTransform.inverseShape(shape);
  }
  override toString(): string {
    return `IndependentTransform(${this.baseTransform}, ${this.reinterpretedBatchNdims})`;
  }
}

interface ReshapeNeeded {
  inShape: Shape;
  outShape: Shape;
}

/** The last dimensions in another shape. */
export class ReshapeTransform extends Transform {
  readonly inShape: Shape;
  readonly outShape: Shape;

  constructor(...args: Args<'ReshapeTransform', ReshapeNeeded, CacheOptions>) {
    const bound = bind<Bound<ReshapeNeeded, CacheOptions>>('ReshapeTransform', args);
    super(bound.cacheSize);
    this.inShape = [...bound.inShape];
    this.outShape = [...bound.outShape];
    const count = (shape: Shape) => shape.reduce((product, size) => product * size, 1);
    if (count(this.inShape) !== count(this.outShape)) {
      throw new TorchError('in_shape, out_shape have different numbers of elements', 'ValueError');
    }
  }
  get domain() {
    return constraints.independent(constraints.real, this.inShape.length);
  }
  get codomain() {
    return constraints.independent(constraints.real, this.outShape.length);
  }
  override get bijective() {
    return true;
  }
  private batch(x: Tensor, shape: Shape): number[] {
    return x.shape.slice(0, x.ndim - shape.length);
  }
  protected apply(x: Tensor): Tensor {
    return x.reshape([...this.batch(x, this.inShape), ...this.outShape]);
  }
  protected override inverse(y: Tensor): Tensor {
    return y.reshape([...this.batch(y, this.outShape), ...this.inShape]);
  }
  override logAbsDetJacobian(x: Tensor): Tensor {
    return x.newZeros(this.batch(x, this.inShape));
  }
  private exchange(shape: Shape, from: Shape, to: Shape): Shape {
    if (shape.length < from.length) throw tooFew();
    const cut = shape.length - from.length;
    if (String(shape.slice(cut)) !== String(from)) {
      throw new TorchError(
        `Shape mismatch: expected (${shape.slice(cut).join(', ')}) but got (${from.join(', ')})`,
        'ValueError',
      );
    }
    return [...shape.slice(0, cut), ...to];
  }
  override forwardShape(shape: Shape) {
    return this.exchange(shape, this.inShape, this.outShape);
  }
  override inverseShape(shape: Shape) {
    return this.exchange(shape, this.outShape, this.inShape);
  }
}
