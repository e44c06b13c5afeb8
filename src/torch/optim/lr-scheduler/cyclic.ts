import { TorchError } from '../../errors';
import { pow } from '../libm';
import type { Optimizer } from '../optimizer';
import { beginMomentum, type MomentumOptions, setMomentum, usesBeta1 } from './momentum-cycle';
import { LRScheduler, perGroup, type SchedulerOptions, type SchedulerStateDict } from './scheduler';

export interface CyclicOptions extends SchedulerOptions, MomentumOptions {
  /** Steps from the least learning rate to the largest. Default 2000. */
  stepSizeUp?: number;
  /** Steps back. Default `stepSizeUp`. */
  stepSizeDown?: number;
  /** Cycles of one height, of half the height each time, or of `gamma` to the number of steps. */
  mode?: 'triangular' | 'triangular2' | 'exp_range';
  /** Default 1. */
  gamma?: number;
  /** A height of your own, in place of `mode`. */
  scaleFn?: (x: number) => number;
  /** Whether `scaleFn` takes the number of the cycle or that of the step. */
  scaleMode?: 'cycle' | 'iterations';
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
  readonly #scaleFn?: (x: number) => number;

  /** Throws TorchError for an optimizer without momentum, unless `cycleMomentum` is false. */
  constructor(
    optimizer: Optimizer,
    baseLr: number | readonly number[],
    maxLr: number | readonly number[],
    options: CyclicOptions = {},
  ) {
    super(optimizer);
    const { lastEpoch = -1, stepSizeUp = 2000, stepSizeDown = stepSizeUp } = options;
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
    this.mode = options.mode ?? 'triangular';
    if (!['triangular', 'triangular2', 'exp_range'].includes(this.mode) && !options.scaleFn) {
      throw new TorchError('mode is invalid and scale_fn is None', 'ValueError');
    }
    this.gamma = options.gamma ?? 1;
    this.#scaleFn = options.scaleFn;
    const scaleMode = this.mode === 'exp_range' ? 'iterations' : 'cycle';
    this.scaleMode = options.scaleFn ? (options.scaleMode ?? 'cycle') : scaleMode;
    this.cycleMomentum = options.cycleMomentum ?? true;
    if (this.cycleMomentum) {
      this.useBeta1 = usesBeta1(optimizer);
      const { baseMomentum = 0.8, maxMomentum = 0.9 } = options;
      const limits = beginMomentum(optimizer, { baseMomentum, maxMomentum }, resumed);
      this.baseMomentums = limits.base;
      this.maxMomentums = limits.max;
    }
    this.begin(options);
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
