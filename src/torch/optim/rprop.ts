import { TorchError } from '../errors';
import { fullLike, viewAsComplex, viewAsReal, zerosLike } from '../generated/functions';
import type { Tensor } from '../tensor';
import { type CommonOptions, ElementwiseOptimizer, notNegative, zeroSteps } from './elementwise';
import { foreach } from './foreach';
import { type OptimizerArgs, optimizerSettings } from './param-group';
import { pythonText } from './python-text';

export interface RpropOptions extends CommonOptions {
  /** The first step size. Default 0.01. */
  lr: number;
  /** Factors of the step size where the gradient's sign changes and where it stays. Default `[0.5, 1.2]`. */
  etas: readonly [number, number];
  /** The least and the largest step size. Default `[1e-6, 50]`. */
  stepSizes: readonly [number, number];
}

interface State {
  step: Tensor;
  prev: Tensor;
  stepSize: Tensor;
}

/** Steps by the gradient's sign alone (`torch.optim.Rprop`). */
export class Rprop extends ElementwiseOptimizer<RpropOptions, State> {
  /** Throws TorchError for settings out of their range. */
  constructor(...args: OptimizerArgs<'Rprop', RpropOptions>) {
    const { params, defaults } = optimizerSettings<RpropOptions>('Rprop', args);
    notNegative({ 'learning rate': defaults.lr });
    const [minus, plus] = defaults.etas;
    if (!(0 < minus && minus < 1 && 1 < plus)) {
      throw new TorchError(
        `Invalid eta values: ${pythonText(minus)}, ${pythonText(plus)}`,
        'ValueError',
      );
    }
    super(params, defaults);
  }

  protected initialState(param: Tensor, gradient: Tensor, { lr }: RpropOptions): State {
    const stepSize = gradient.isComplex()
      ? viewAsComplex(fullLike(viewAsReal(gradient), lr))
      : fullLike(gradient, lr);
    return { step: zeroSteps(), prev: zerosLike(param), stepSize };
  }

  protected updateOne(param: Tensor, gradient: Tensor, state: State, group: RpropOptions): void {
    const { prev, stepSize } = state;
    state.step.add_(1);
    const g = group.maximize ? gradient.neg() : gradient.clone();
    const factors = factorsOf(g.mul(prev).sign(), group.etas);
    stepSize.mul_(factors).clamp_(...group.stepSizes);
    g.maskedFill_(factors.eq(group.etas[0]), 0);
    param.addcmul_(g.sign(), stepSize, { value: -1 });
    prev.copy_(g);
  }

  protected updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: RpropOptions,
  ): void {
    const { etas, stepSizes, maximize } = group;
    const previous = states.map(({ prev }) => prev);
    const sizes = states.map(({ stepSize }) => stepSize);
    for (const { step } of states) step.add_(1);
    const signs = foreach.mul(gradients, previous);
    if (maximize) foreach.neg_(signs);
    foreach.copy_(previous, gradients);
    if (maximize) foreach.neg_(previous);
    foreach.sign_(signs);
    for (const sign of signs) factorsOf(sign, etas);
    foreach.mul_(sizes, signs);
    for (const size of sizes) size.clamp_(...stepSizes);
    previous.forEach((prev, i) => {
      prev.maskedFill_(signs[i]!.eq(etas[0]), 0);
    });
    const directions = previous.map((prev) => prev.sign());
    foreach.addcmul_(params, directions, sizes, -1);
  }
}

/** Signs of the gradient's change, turned in place into factors of the step size. */
function factorsOf(signs: Tensor, [minus, plus]: readonly [number, number]): Tensor {
  const masks = [signs.gt(0), signs.lt(0), signs.eq(0)];
  [plus, minus, 1].forEach((factor, i) => {
    signs.maskedFill_(masks[i]!, factor);
  });
  return signs;
}
