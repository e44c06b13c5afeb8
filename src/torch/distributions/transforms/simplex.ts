import { sub } from '../../generated/functions';
import * as F from '../../nn/functional';
import { finfo } from '../../number-info';
import type { Tensor } from '../../tensor';
import * as constraints from '../constraints';
import { clippedSigmoid } from './elementwise';
import { between, type Shape, tooFew } from './transform';

/** Logits to probabilities; the way back takes their logarithms. */
export class SoftmaxTransform extends between(constraints.realVector, constraints.simplex) {
  protected override apply(x: Tensor) {
    const probs = x.sub(x.max(-1, true)[0]).exp();
    return probs.div(probs.sum(-1, true));
  }
  protected override inverse(y: Tensor) {
    return y.log();
  }
  override forwardShape(shape: Shape) {
    if (shape.length < 1) throw tooFew();
    return shape;
  }
  override inverseShape(shape: Shape) {
    return this.forwardShape(shape);
  }
}

/** Real vectors to probabilities of one number more, each taking its part of what is left. */
export class StickBreakingTransform extends between(constraints.realVector, constraints.simplex, {
  bijective: true,
}) {
  private offset(x: Tensor): Tensor {
    const n = x.shape.at(-1)!;
    return sub(n + 1, x.newOnes([n]).cumsum(-1));
  }
  protected override apply(x: Tensor) {
    const z = clippedSigmoid(x.sub(this.offset(x).log()));
    const rest = sub(1, z).cumprod(-1);
    return F.pad(z, [0, 1], { value: 1 }).mul(F.pad(rest, [1, 0], { value: 1 }));
  }
  protected override inverse(y: Tensor) {
    const cropped = y.index('..., :-1');
    const offset = sub(y.shape.at(-1)!, y.newOnes([cropped.shape.at(-1)!]).cumsum(-1));
    const rest = sub(1, cropped.cumsum(-1)).clamp({ min: finfo(y.dtype).tiny });
    return cropped.log().sub(rest.log()).add(offset.log());
  }
  override logAbsDetJacobian(input: Tensor, y: Tensor) {
    const x = input.sub(this.offset(input).log());
    return x.neg().add(F.logsigmoid(x)).add(y.index('..., :-1').log()).sum(-1);
  }
  override forwardShape(shape: Shape) {
    if (shape.length < 1) throw tooFew();
    return [...shape.slice(0, -1), shape.at(-1)! + 1];
  }
  override inverseShape(shape: Shape) {
    if (shape.length < 1) throw tooFew();
    return [...shape.slice(0, -1), shape.at(-1)! - 1];
  }
}
