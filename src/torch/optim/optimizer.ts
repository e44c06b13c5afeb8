import { TorchError } from '../errors';
import type { Tensor } from '../tensor';

/** Parameters that share their settings. */
export type ParameterGroup<Options> = { params: readonly Tensor[] } & Partial<Options>;

/**
 * The base of the optimizers (`torch.optim.Optimizer`): parameter groups, each with the defaults
 * where it sets nothing of its own.
 */
export abstract class Optimizer<Options extends object> {
  readonly paramGroups: ({ params: readonly Tensor[] } & Options)[];

  protected constructor(
    params: Iterable<Tensor> | readonly ParameterGroup<Options>[],
    readonly defaults: Options,
  ) {
    const given = [...params];
    if (given.length === 0) {
      throw new TorchError('optimizer got an empty parameter list', 'ValueError');
    }
    const groups = (
      'params' in given[0]! ? given : [{ params: given }]
    ) as ParameterGroup<Options>[];
    this.paramGroups = groups.map((group) => ({
      ...defaults,
      ...group,
      params: [...group.params],
    }));
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    for (const group of this.paramGroups) {
      for (const param of group.params) param.grad = null;
    }
  }

  /** Changes the parameters by their gradients. */
  abstract step(): void;
}
