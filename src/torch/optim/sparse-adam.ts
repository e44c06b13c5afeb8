import { operator } from '../dispatch';
import { TorchError } from '../errors';
import { zerosLike } from '../generated/functions';
import type { Tensor } from '../tensor';
import { type CommonOptions, checkBetas, ElementwiseOptimizer } from './elementwise';
import { pow } from './libm';
import { type OptimizerArgs, optimizerSettings } from './param-group';
import { pythonText } from './python-text';

export interface SparseAdamOptions extends Pick<CommonOptions, 'lr' | 'maximize'> {
  betas: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  eps: number;
}

type Settings = SparseAdamOptions & CommonOptions;

interface State {
  step: number;
  expAvg: Tensor;
  expAvgSq: Tensor;
}

const sparseCooTensor = operator<
  (indices: Tensor, values: Tensor, size: readonly number[]) => Tensor
>('sparse_coo_tensor', ['indices_size']);

/**
 * Adam for the sparse gradients of an `Embedding` with `sparse: true` (`torch.optim.SparseAdam`): what a gradient has no
 * entry for stays as it is, its averages as well.
 */
export class SparseAdam extends ElementwiseOptimizer<Settings, State> {
  protected override readonly takesSparse = true;
  protected override readonly inRealParts = false;

  /** Throws TorchError for settings out of their range, and for sparse or complex parameters. */
  constructor(...args: OptimizerArgs<'SparseAdam', SparseAdamOptions>) {
    const { params, defaults } = optimizerSettings<Settings>('SparseAdam', args as never);
    const { lr, eps, betas } = defaults;
    const fail = (message: string) => new TorchError(message, 'ValueError');
    if (!(lr > 0)) throw fail(`Invalid learning rate: ${pythonText(lr)}`);
    if (!(eps > 0)) throw fail(`Invalid epsilon value: ${pythonText(eps)}`);
    checkBetas(betas);
    super(params, defaults);
    const places = (wanted: (param: Tensor) => boolean) =>
      this.paramGroups.flatMap((group, g) =>
        group.params.flatMap((param, p) => (wanted(param) ? [`[${g}, ${p}]`] : [])),
      );
    const sparse = places(({ layout }) => layout === 'sparse_coo');
    if (sparse.length > 0) {
      throw fail(
        `Sparse params at indices [${sparse.join(', ')}]: SparseAdam requires dense parameter tensors`,
      );
    }
    const complex = places((param) => param.isComplex());
    if (complex.length > 0) {
      throw fail(
        `Complex params at indices [${complex.join(', ')}]: SparseAdam does not support complex parameters`,
      );
    }
  }

  protected initialState(param: Tensor, gradient: Tensor): State {
    if (gradient.layout !== 'sparse_coo') {
      throw new TorchError(
        'SparseAdam does not support dense gradients, please consider Adam instead',
        'RuntimeError',
      );
    }
    return { step: 0, expAvg: zerosLike(param), expAvgSq: zerosLike(param) };
  }

  protected updateOne(param: Tensor, gradient: Tensor, state: State, group: Settings): void {
    const { lr, eps, maximize } = group;
    const [beta1, beta2] = group.betas;
    state.step++;
    const whole = (maximize ? gradient.neg() : gradient).coalesce();
    const [indices, values] = [whole.indices(), whole.values()];
    if (values.numel() === 0) return;
    const like = (of: Tensor) => sparseCooTensor(indices, of, whole.shape);
    const at = (of: Tensor) => of.sparseMask(whole).values();

    const mean = at(state.expAvg);
    const meanStep = values.sub(mean).mul_({ float: 1 - beta1 });
    state.expAvg.add_(like(meanStep));
    const square = at(state.expAvgSq);
    const squareStep = values
      .pow(2)
      .sub_(square)
      .mul_({ float: 1 - beta2 });
    state.expAvgSq.add_(like(squareStep));

    const numerator = meanStep.add_(mean);
    const denominator = squareStep.add_(square).sqrt_().add_({ float: eps });
    const [rest1, rest2] = [1 - pow(beta1, state.step), 1 - pow(beta2, state.step)];
    const size = (lr * Math.sqrt(rest2)) / rest1;
    param.add_(like(numerator.div_(denominator).mul({ float: -size })));
  }

  protected updateAll(
    params: Tensor[],
    gradients: Tensor[],
    states: State[],
    group: Settings,
  ): void {
    params.forEach((param, i) => {
      this.updateOne(param, gradients[i]!, states[i]!, group);
    });
  }
}
