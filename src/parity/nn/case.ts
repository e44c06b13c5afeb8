import type * as torch from 'tandem-torch';

/**
 * A module in both languages: built after the seed, fed with inputs drawn after it, trained for 5 steps, run
 * once more in eval mode. Its printed structure, names, initial parameters and buffers, outputs, gradients
 * and trained parameters and buffers must be equal to the last bit. All floating inputs get gradients.
 */
export interface LayerCase {
  readonly kind: 'layer' | 'loss';
  /** Python's expression, in which `torch`, `nn` and `F` are defined: `nn.Linear(6, 3, bias=False)`. */
  readonly python: string;
  /** Python's inputs, a tuple: `(torch.randn(4, 6),)`. */
  readonly inputs: string;
  readonly typescript: () => {
    readonly module: torch.nn.Module;
    /** Drawn after the module, in the order of `inputs`; called with these. */
    readonly inputs: () => readonly unknown[];
  };
  /** Python's keyword arguments of the call: `dict(need_weights=False)`; ours are the last of `inputs`. */
  readonly keywords?: string;
  /** Places of floating inputs without a gradient, such as a target that PyTorch doesn't differentiate. */
  readonly frozen?: readonly number[];
}

/** An optimizer in both languages, on the same small model for 5 steps: `params` and `model` are at hand in Python. */
export interface OptimizerCase {
  readonly kind: 'optimizer';
  /** `optim.Adam(params, lr=0.01, amsgrad=True)` */
  readonly python: string;
  readonly typescript: (
    params: torch.nn.Parameter[],
    model: torch.nn.Module,
  ) => {
    zeroGrad(): void;
    /** Called with a closure that gives the loss, as every optimizer of PyTorch takes it. */
    step(closure?: () => torch.Tensor): unknown;
    stateDict?(): { readonly state: unknown };
  };
}

/** A scheduler in both languages, on SGD with `lr=0.1, momentum=0.9`, for 20 steps: `optimizer` is at hand in Python. */
export interface SchedulerCase {
  readonly kind: 'scheduler';
  /** `lr_scheduler.StepLR(optimizer, step_size=3)` */
  readonly python: string;
  readonly typescript: (optimizer: torch.optim.SGD) => {
    step(metric?: number): void;
  };
  /** Whether `step` takes a metric, as ReduceLROnPlateau's does. */
  readonly metric?: boolean;
}

export type Case = LayerCase | OptimizerCase | SchedulerCase;
