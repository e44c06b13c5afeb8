import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Optimizer } from '../optimizer';
import { ReduceLROnPlateau } from './plateau';
import {
  LRScheduler,
  type OptimizerNeeded,
  type Scheduler,
  type SchedulerOptions,
  type SchedulerStateDict,
} from './scheduler';

interface ChainedNeeded {
  schedulers: readonly Scheduler[];
}
interface SequentialNeeded extends ChainedNeeded, OptimizerNeeded {
  /** The epochs at which the schedulers behind the first begin. */
  milestones: readonly number[];
}

abstract class ComposedScheduler extends LRScheduler {
  /** Throws TorchError for no schedulers, or such as belong to different optimizers. */
  constructor(
    readonly schedulers: readonly Scheduler[],
    optimizer: Optimizer | null,
    verb: string,
  ) {
    const [first] = schedulers;
    const { name } = new.target;
    const refuse = (message: string) => new TorchError(`${name} ${message}`, 'ValueError');
    if (!first) throw refuse(`expects at least one scheduler${verb}, but got no scheduler.`);
    super(optimizer ?? first.optimizer);
    schedulers.forEach((scheduler, i) => {
      if (scheduler instanceof ReduceLROnPlateau) {
        throw refuse(
          'does not support `ReduceLROnPlateau` scheduler as it requires additional kwargs to be ' +
            `specified when calling \`step\`, but got one at index ${i} in the given schedulers sequence.`,
        );
      }
      if (scheduler.optimizer !== this.optimizer) {
        throw refuse(
          'expects all schedulers to belong to the same optimizer, but got scheduler ' +
            `${scheduler.constructor.name} at index ${i} has ${scheduler.optimizer}, which is ` +
            `different from ${this.optimizer.constructor.name}.`,
        );
      }
    });
  }

  override undo(): void {
    for (const scheduler of this.schedulers) scheduler.undo();
  }

  override stateDict(): SchedulerStateDict {
    return {
      _last_lr: [...this.lastLr],
      _schedulers: this.schedulers.map((scheduler) => scheduler.stateDict()),
    };
  }

  override loadStateDict(dict: SchedulerStateDict): void {
    this.lastLr = [...(dict._last_lr as number[])];
    const inner = dict._schedulers as SchedulerStateDict[];
    this.schedulers.forEach((scheduler, i) => {
      scheduler.loadStateDict(inner[i]!);
    });
  }
}

/** Several schedulers at once, each from what the one before has set. */
export class ChainedScheduler extends ComposedScheduler {
  constructor(...args: Args<'ChainedScheduler', ChainedNeeded, { optimizer?: Optimizer | null }>) {
    const { schedulers, optimizer } = bind<ChainedNeeded & { optimizer: Optimizer | null }>(
      'ChainedScheduler',
      args,
    );
    super(schedulers, optimizer, ' to be chained');
    this.lastLr = this.currentLr();
  }

  override step(): void {
    for (const scheduler of this.schedulers) scheduler.step();
    this.lastLr = this.currentLr();
  }
}

/** Several schedulers one after the other; each milestone is the epoch at which the next begins. */
export class SequentialLR extends ComposedScheduler {
  #milestones: readonly number[];

  /** Throws TorchError if there is not one milestone fewer than there are schedulers. */
  constructor(...args: Args<'SequentialLR', SequentialNeeded, SchedulerOptions>) {
    const { optimizer, schedulers, milestones, lastEpoch } = bind<
      Bound<SequentialNeeded, SchedulerOptions>
    >('SequentialLR', args);
    super(schedulers, optimizer, '');
    if (milestones.length !== schedulers.length - 1) {
      throw new TorchError(
        'Sequential Schedulers expects number of schedulers provided to be one more than the number ' +
          `of milestone points, but got number of schedulers ${schedulers.length} and the number of ` +
          `milestones to be equal to ${milestones.length}`,
        'ValueError',
      );
    }
    this.#milestones = [...milestones];
    this.lastEpoch = lastEpoch + 1;
    for (const group of optimizer.paramGroups) group.lr = group.initialLr!;
    // All but the first have stepped too early.
    this.undo();
    const first = schedulers[this.#indexAt(0)]!;
    first.initialStep();
    this.lastLr = first.getLastLr();
  }

  /** The current scheduler. */
  #indexAt(epoch: number): number {
    return this.#milestones.filter((milestone) => milestone <= epoch).length;
  }

  override step(): void {
    this.lastEpoch++;
    const index = this.#indexAt(this.lastEpoch);
    const scheduler = this.schedulers[index]!;
    if (this.#milestones[index - 1] === this.lastEpoch) scheduler.updateLr(0);
    else scheduler.step();
    this.lastLr = scheduler.getLastLr();
  }

  override stateDict(): SchedulerStateDict {
    return {
      _milestones: [...this.#milestones],
      last_epoch: this.lastEpoch,
      ...super.stateDict(),
    };
  }

  override loadStateDict(dict: SchedulerStateDict): void {
    super.loadStateDict(dict);
    this.#milestones = [...(dict._milestones as number[])];
    this.lastEpoch = dict.last_epoch as number;
  }
}
