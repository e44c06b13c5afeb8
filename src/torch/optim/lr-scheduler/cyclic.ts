import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import { pow } from '../libm';
import { beginMomentum, type MomentumOptions, setMomentum, usesBeta1 } from './momentum-cycle';
import {
  LRScheduler,
  type OptimizerNeeded,
  perGroup,
  type SchedulerOptions,
  type SchedulerStateDict,
} from './scheduler';

export interface CyclicOptions extends SchedulerOptions, MomentumOptions {
  /** Steps from the least learning rate to the largest. Default 2000. */
  stepSizeUp?: number;
  /** Steps back. Default `stepSizeUp`. */
  stepSizeDown?: number | null;
  /** Cycles of one height, of half the height each time, or of `gamma` to the number of steps. */
  mode?: 'triangular' | 'triangular2' | 'exp_range';
  /** Default 1. */
  gamma?: number;
  /** A height of your own, in place of `mode`. */
  scaleFn?: ((x: number) => number) | null;
  /** Whether `scaleFn` takes the number of the cycle or that of the step. */
  scaleMode?: 'cycle' | 'iterations';
}

interface CyclicNeeded extends OptimizerNeeded {
  baseLr: number | readonly number[];
  maxLr: number | readonly number[];
}

/** The learning rate goes up and down between two values, step by step. */
export class CyclicLR extends LRScheduler {
  readonly gamma: number;
  readonly mode: string;
  readonly cycleMomentum: boolean;
  readonly maxLrs: number[];
  protected readonly totalSize: number;
  protected readonly stepRatio: number;
  protected readonly scaleMode: string;
  protected readonly useBeta1?: boolean;
  protected readonly baseMomentums?: number[];
  protected readonly maxMomentums?: number[];
  protected override readonly saved = {
    max_lrs: 'maxLrs',
    total_size: 'totalSize',
    step_ratio: 'stepRatio',
    mode: 'mode',
    gamma: 'gamma',
    scale_mode: 'scaleMode',
    cycle_momentum: 'cycleMomentum',
    use_beta1: 'useBeta1',
    base_momentums: 'baseMomentums',
    max_momentums: 'maxMomentums',
  };
  readonly #scaleFn: ((x: number) => number) | null;

  /** Throws TorchError for an optimizer without momentum, unless `cycleMomentum` is false. */
  constructor(...args: Args<'CyclicLR', CyclicNeeded, CyclicOptions>) {
    const { optimizer, baseLr, maxLr, lastEpoch, ...options } = bind<
      Bound<CyclicNeeded, CyclicOptions>
    >('CyclicLR', args);
    super(optimizer);
    const { stepSizeUp, scaleFn } = options;
    const stepSizeDown = options.stepSizeDown ?? stepSizeUp;
    const resumed = lastEpoch !== -1;
    const baseLrs = perGroup('base_lr', optimizer, baseLr);
    if (!resumed) {
      optimizer.paramGroups.forEach((group, i) => {
        group.lr = baseLrs[i]!;
      });
    }
    this.maxLrs = perGroup('max_lr', optimizer, maxLr);
    this.totalSize = stepSizeUp + stepSizeDown;
    this.stepRatio = stepSizeUp / this.totalSize;
    this.mode = options.mode;
    if (!['triangular', 'triangular2', 'exp_range'].includes(this.mode) && !scaleFn) {
      throw new TorchError('mode is invalid and scale_fn is None', 'ValueError');
    }
    this.gamma = options.gamma;
    this.#scaleFn = scaleFn;
    const scaleMode = this.mode === 'exp_range' ? 'iterations' : 'cycle';
    this.scaleMode = scaleFn ? options.scaleMode : scaleMode;
    this.cycleMomentum = options.cycleMomentum;
    if (this.cycleMomentum) {
      this.useBeta1 = usesBeta1(optimizer);
      const { baseMomentum, maxMomentum } = options;
      const limits = beginMomentum(optimizer, { baseMomentum, maxMomentum }, resumed);
      this.baseMomentums = limits.base;
      this.maxMomentums = limits.max;
    }
    this.begin({ lastEpoch });
    this.baseLrs = baseLrs;
  }

  #scale(x: number): number {
    if (this.#scaleFn) return this.#scaleFn(x);
    if (this.mode === 'triangular') return 1;
    return this.mode === 'triangular2' ? 1 / pow(2, x - 1) : pow(this.gamma, x);
  }

  protected override getLr(): number[] {
    const cycle = Math.floor(1 + this.lastEpoch / this.totalSize);
    const x = 1 + this.lastEpoch / this.totalSize - cycle;
    const rises = x <= this.stepRatio;
    const position = rises ? x / this.stepRatio : (x - 1) / (this.stepRatio - 1);
    const scale = this.#scale(this.scaleMode === 'cycle' ? cycle : this.lastEpoch);
    if (this.cycleMomentum) {
      this.optimizer.paramGroups.forEach((group, i) => {
        const [base, max] = [this.baseMomentums![i]!, this.maxMomentums![i]!];
        setMomentum(group, max - (max - base) * position * scale);
      });
    }
    return this.baseLrs.map((lr, i) => lr + (this.maxLrs[i]! - lr) * position * scale);
  }

  override stateDict(): SchedulerStateDict {
    return { ...super.stateDict(), _scale_fn_custom: null };
  }
}
