import { TorchError } from '../errors';
import { addmm, zerosLike } from '../generated/functions';
import type { Tensor } from '../tensor';
import { type CommonOptions, ElementwiseOptimizer } from './elementwise';
import { type OptimizerArgs, optimizerSettings } from './param-group';
import { pythonText } from './python-text';

export interface MuonOptions extends Pick<CommonOptions, 'lr'> {
  /** Decoupled from the gradient. Default 0.1. */
  weightDecay: number;
  /** Default 0.95. */
  momentum: number;
  nesterov: boolean;
  /** Coefficients of the iteration that makes a matrix orthogonal. */
  nsCoefficients: readonly [number, number, number];
  eps: number;
  /** Its steps. Default 5. */
  nsSteps: number;
  /** How the learning rate depends on a matrix' shape: `original` or `match_rms_adamw`. */
  adjustLrFn: 'original' | 'match_rms_adamw' | null;
}

type Settings = MuonOptions & CommonOptions;

interface State {
  momentumBuffer: Tensor;
}

/** Steps along the nearest orthogonal matrix of the momentum, for matrices alone (`torch.optim.Muon`). */
export class Muon extends ElementwiseOptimizer<Settings, State> {
  protected override readonly inRealParts = false;

  /** Throws TorchError for settings out of their range, and for parameters that are no matrices. */
  constructor(...args: OptimizerArgs<'Muon', MuonOptions>) {
    const { params, defaults } = optimizerSettings<Settings>('Muon', args as never);
    const { lr, momentum, weightDecay, adjustLrFn } = defaults;
    for (const [what, value] of [
      ['Learning rate', lr],
      ['momentum', momentum],
      ['weight decay', weightDecay],
    ] as const) {
      if (value >= 0) continue;
      throw new TorchError(`${what} should be >= 0 but is: ${pythonText(value)}`, 'ValueError');
    }
    if (adjustLrFn !== null && !['original', 'match_rms_adamw'].includes(adjustLrFn)) {
      throw new TorchError(
        `Adjust learning rate function ${adjustLrFn} is not supported`,
        'ValueError',
      );
    }
    super(params, defaults);
    for (const group of this.paramGroups) {
      for (const param of group.params) {
        if (param.ndim === 2) continue;
        throw new TorchError(
          `Muon only supports 2D parameters whereas we found a parameter with size: torch.Size([${param.shape.join(', ')}])`,
          'ValueError',
        );
      }
    }
  }

  protected initialState(param: Tensor, gradient: Tensor): State {
    if (param.isComplex()) {
      throw new TorchError('Muon does not support complex parameters', 'RuntimeError');
    }
    return { momentumBuffer: zerosLike(gradient) };
  }

  protected updateOne(param: Tensor, gradient: Tensor, state: State, group: Settings): void {
    const { lr, weightDecay, momentum, nesterov, adjustLrFn } = group;
    const buffer = state.momentumBuffer.lerp_(gradient, { float: 1 - momentum });
    const update = orthogonal(
      nesterov ? gradient.lerp(buffer, { float: momentum }) : buffer,
      group,
    );
    const [rows, columns] = param.shape as unknown as [number, number];
    const ratio =
      adjustLrFn === 'match_rms_adamw'
        ? 0.2 * Math.sqrt(Math.max(rows, columns))
        : Math.sqrt(Math.max(1, rows / columns));
    param.mul_({ float: 1 - lr * weightDecay });
    param.add_(update, { alpha: { float: -lr * ratio } });
  }

  protected updateAll(): never {
    throw new TorchError('Foreach is not supported for Muon yet', 'RuntimeError');
  }
}

/** The orthogonal matrix nearest to a gradient, about, by Newton and Schulz' iteration in bfloat16. */
function orthogonal(gradient: Tensor, { nsCoefficients, nsSteps, eps }: MuonOptions): Tensor {
  if (nsSteps >= 100) {
    throw new TorchError(
      'Number of steps must be less than 100 for computational efficiency',
      'ValueError',
    );
  }
  const [a, b, c] = nsCoefficients.map((float) => ({ float })) as [never, never, never];
  const tall = gradient.size(0) > gradient.size(1);
  let x = gradient.bfloat16();
  if (tall) x = x.T;
  x.div_(x.norm().clamp({ min: { float: eps } }));
  for (let step = 0; step < nsSteps; step++) {
    const gram = x.matmul(x.T);
    const update = addmm(gram, gram, gram, { beta: b, alpha: c });
    x = addmm(x, update, x, { beta: a });
  }
  return tall ? x.T : x;
}
