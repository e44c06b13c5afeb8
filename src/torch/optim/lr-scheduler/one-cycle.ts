import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import { cos } from '../libm';
import { camel, snake } from '../names';
import { pythonText } from '../python-text';
import { beginMomentum, type MomentumOptions, setMomentum, usesBeta1 } from './momentum-cycle';
import {
  LRScheduler,
  type OptimizerNeeded,
  perGroup,
  type SchedulerOptions,
  type SchedulerStateDict,
} from './scheduler';

export interface OneCycleOptions extends SchedulerOptions, MomentumOptions {
  /** Steps of the cycle; or else give `epochs` and `stepsPerEpoch`. */
  totalSteps?: number | null;
  epochs?: number | null;
  stepsPerEpoch?: number | null;
  /** Part of the cycle in which the learning rate rises. Default 0.3. */
  pctStart?: number;
  annealStrategy?: 'cos' | 'linear';
  /** The first learning rate is `maxLr / divFactor`. Default 25. */
  divFactor?: number;
  /** The last learning rate is the first `/ finalDivFactor`. Default 10,000. */
  finalDivFactor?: number;
  /** Come down as slowly as up, and only then to the last learning rate. */
  threePhase?: boolean;
}

interface OneCycleNeeded extends OptimizerNeeded {
  /** The largest learning rate, for all groups or for each. */
  maxLr: number | readonly number[];
}

type LrName = 'initialLr' | 'maxLr' | 'minLr';
type MomentumName = 'maxMomentum' | 'baseMomentum';

interface Phase {
  endStep: number;
  startLr: LrName;
  endLr: LrName;
  startMomentum: MomentumName;
  endMomentum: MomentumName;
}

/** The learning rate goes up once and down far below its start, step by step. */
export class OneCycleLR extends LRScheduler {
  readonly totalSteps: number;
  readonly cycleMomentum: boolean;
  protected annealStrategy: 'cos' | 'linear';
  protected readonly useBeta1?: boolean;
  protected override readonly saved = {
    total_steps: 'totalSteps',
    _anneal_func_type: 'annealStrategy',
    cycle_momentum: 'cycleMomentum',
    use_beta1: 'useBeta1',
  };
  #phases: Phase[];

  /** Throws TorchError for an optimizer without momentum, unless `cycleMomentum` is false. */
  constructor(...args: Args<'OneCycleLR', OneCycleNeeded, OneCycleOptions>) {
    const { optimizer, maxLr, lastEpoch, ...options } = bind<
      Bound<OneCycleNeeded, OneCycleOptions>
    >('OneCycleLR', args);
    super(optimizer);
    this.totalSteps = stepsOf(options);
    const { pctStart, annealStrategy, divFactor, finalDivFactor } = options;
    this.#phases = phasesOf(this.totalSteps, pctStart, options.threePhase);
    if (!(pctStart >= 0 && pctStart <= 1)) {
      throw new TorchError(
        `Expected float between 0 and 1 pct_start, but got ${pythonText(pctStart)}`,
        'ValueError',
      );
    }
    if (annealStrategy !== 'cos' && annealStrategy !== 'linear') {
      throw new TorchError(
        `anneal_strategy must be one of 'cos' or 'linear', instead got ${annealStrategy}`,
        'ValueError',
      );
    }
    this.annealStrategy = annealStrategy;
    const resumed = lastEpoch !== -1;
    const maxLrs = perGroup('max_lr', optimizer, maxLr);
    if (!resumed) {
      optimizer.paramGroups.forEach((group, i) => {
        group.initialLr = maxLrs[i]! / divFactor;
        group.maxLr = maxLrs[i]!;
        group.minLr = group.initialLr / finalDivFactor;
      });
    }
    this.cycleMomentum = options.cycleMomentum;
    if (this.cycleMomentum) {
      this.useBeta1 = usesBeta1(optimizer);
      const { baseMomentum, maxMomentum } = options;
      beginMomentum(optimizer, { baseMomentum, maxMomentum }, resumed);
    }
    this.begin({ lastEpoch });
  }

  #anneal(start: number, end: number, part: number): number {
    if (this.annealStrategy === 'linear') return (end - start) * part + start;
    return end + ((start - end) / 2) * (cos(Math.PI * part) + 1);
  }

  protected override getLr(): number[] {
    const step = this.lastEpoch;
    if (step > this.totalSteps) {
      throw new TorchError(
        `Tried to step ${step} times. The specified number of total steps is ${this.totalSteps}`,
        'ValueError',
      );
    }
    const found = this.#phases.findIndex(({ endStep }) => step <= endStep);
    const index = found < 0 ? this.#phases.length - 1 : found;
    const phase = this.#phases[index]!;
    const startStep = this.#phases[index - 1]?.endStep ?? 0;
    const part = (step - startStep) / (phase.endStep - startStep);
    return this.optimizer.paramGroups.map((group) => {
      if (this.cycleMomentum) {
        const [start, end] = [group[phase.startMomentum]!, group[phase.endMomentum]!];
        setMomentum(group, this.#anneal(start, end, part));
      }
      return this.#anneal(group[phase.startLr]!, group[phase.endLr]!, part);
    });
  }

  override stateDict(): SchedulerStateDict {
    return {
      _schedule_phases: this.#phases.map((phase) => renamed(phase, snake)),
      ...super.stateDict(),
    };
  }

  override loadStateDict(dict: SchedulerStateDict): void {
    super.loadStateDict(dict);
    const phases = dict._schedule_phases as object[];
    this.#phases = phases.map((phase) => renamed(phase, camel) as unknown as Phase);
  }
}

/** A phase with its keys, and the names among its values, in the other language's style. */
const renamed = (phase: object, rename: (name: string) => string): Record<string, unknown> =>
  Object.fromEntries(
    (phase instanceof Map ? [...phase] : Object.entries(phase)).map(([name, value]) => [
      rename(name),
      typeof value === 'string' ? rename(value) : value,
    ]),
  );

function stepsOf({ totalSteps, epochs, stepsPerEpoch }: OneCycleOptions): number {
  const checked = (name: string, value: number) => {
    if (value > 0 && Number.isInteger(value)) return value;
    throw new TorchError(
      `Expected positive integer ${name}, but got ${pythonText(value)}`,
      'ValueError',
    );
  };
  if (totalSteps != null) return checked('total_steps', totalSteps);
  if (epochs == null || stepsPerEpoch == null) {
    throw new TorchError(
      'You must define either total_steps OR (epochs AND steps_per_epoch)',
      'ValueError',
    );
  }
  return checked('epochs', epochs) * checked('steps_per_epoch', stepsPerEpoch);
}

function phasesOf(totalSteps: number, pctStart: number, threePhase: boolean): Phase[] {
  const up: Phase = {
    endStep: pctStart * totalSteps - 1,
    startLr: 'initialLr',
    endLr: 'maxLr',
    startMomentum: 'maxMomentum',
    endMomentum: 'baseMomentum',
  };
  if (!threePhase) {
    const down: Phase = {
      endStep: totalSteps - 1,
      startLr: 'maxLr',
      endLr: 'minLr',
      startMomentum: 'baseMomentum',
      endMomentum: 'maxMomentum',
    };
    return [up, down];
  }
  const back: Phase = {
    endStep: 2 * pctStart * totalSteps - 2,
    startLr: 'maxLr',
    endLr: 'initialLr',
    startMomentum: 'baseMomentum',
    endMomentum: 'maxMomentum',
  };
  const out: Phase = {
    endStep: totalSteps - 1,
    startLr: 'initialLr',
    endLr: 'minLr',
    startMomentum: 'maxMomentum',
    endMomentum: 'maxMomentum',
  };
  return [up, back, out];
}
