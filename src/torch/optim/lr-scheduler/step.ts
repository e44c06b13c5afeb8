import { type Args, type Bound, bind } from '../../arguments';
import { pow } from '../libm';
import {
  LRScheduler,
  type OptimizerNeeded,
  type SchedulerOptions,
  type SchedulerStateDict,
} from './scheduler';

export interface StepOptions extends SchedulerOptions {
  /** Factor of the learning rate. Default 0.1. */
  gamma?: number;
}

interface StepNeeded extends OptimizerNeeded {
  stepSize: number;
}
interface MultiStepNeeded extends OptimizerNeeded {
  milestones: Iterable<number>;
}

/** The learning rate times `gamma` every `stepSize` epochs. */
export class StepLR extends LRScheduler {
  readonly stepSize: number;
  readonly gamma: number;
  protected override readonly saved = { step_size: 'stepSize', gamma: 'gamma' };

  constructor(...args: Args<'StepLR', StepNeeded, StepOptions>) {
    const { optimizer, stepSize, gamma, lastEpoch } = bind<Bound<StepNeeded, StepOptions>>(
      'StepLR',
      args,
    );
    super(optimizer);
    this.stepSize = stepSize;
    this.gamma = gamma;
    this.begin({ lastEpoch });
  }

  protected override getLr(): number[] {
    if (this.lastEpoch === 0 || this.lastEpoch % this.stepSize !== 0) return this.currentLr();
    return this.scaledLr(this.gamma);
  }

  protected override closedForm(): number[] {
    const factor = pow(this.gamma, Math.floor(this.lastEpoch / this.stepSize));
    return this.baseLrs.map((lr) => lr * factor);
  }
}

/** The learning rate times `gamma` at each of the milestones; one named twice counts twice. */
export class MultiStepLR extends LRScheduler {
  readonly gamma: number;
  #milestones: ReadonlyMap<number, number>;
  protected override readonly saved = { gamma: 'gamma' };

  constructor(...args: Args<'MultiStepLR', MultiStepNeeded, StepOptions>) {
    const { optimizer, milestones, gamma, lastEpoch } = bind<Bound<MultiStepNeeded, StepOptions>>(
      'MultiStepLR',
      args,
    );
    super(optimizer);
    const counts = new Map<number, number>();
    for (const epoch of milestones) counts.set(epoch, (counts.get(epoch) ?? 0) + 1);
    this.#milestones = counts;
    this.gamma = gamma;
    this.begin({ lastEpoch });
  }

  protected override getLr(): number[] {
    const count = this.#milestones.get(this.lastEpoch);
    return count === undefined ? this.currentLr() : this.scaledLr(pow(this.gamma, count));
  }

  protected override closedForm(): number[] {
    const passed = Array.from(this.#milestones, ([epoch, count]) =>
      epoch <= this.lastEpoch ? count : 0,
    ).reduce((sum, count) => sum + count, 0);
    return this.baseLrs.map((lr) => lr * pow(this.gamma, passed));
  }

  override stateDict(): SchedulerStateDict {
    return { milestones: new Map(this.#milestones), ...super.stateDict() };
  }

  override loadStateDict(dict: SchedulerStateDict): void {
    super.loadStateDict(dict);
    const { milestones } = dict;
    const entries = milestones instanceof Map ? milestones : Object.entries(milestones as object);
    this.#milestones = new Map(
      Array.from(entries, ([epoch, count]) => [Number(epoch), Number(count)] as const),
    );
  }
}
