import { magnitude, type NDArray, relativeDifference } from './arrays';
import type { Which } from './causes';
import type { Match } from './match';
import type { Arrays } from './program';
import { counterparts, type Forward, type Side, type SidePlan } from './side';
import { labelOf } from './units';
import type { WeightPair } from './weights';

export type Precision = 'float32' | 'float64';

/** A plan for both sides: what is changed in their processes. */
export interface Plan {
  left: SidePlan;
  right: SidePlan;
}

export const emptyPlan = (): Plan => ({ left: {}, right: {} });

/** What one side computes under a plan. */
export interface Run {
  readonly evaluation: Forward;
  readonly arrays: Arrays;
  readonly losses: readonly number[];
  readonly steps: Arrays;
  readonly after?: Forward;
  readonly afterArrays?: Arrays;
  readonly failed?: string;
}

/** Differences by what differs: `outputs`, `loss`, `weights after step 1: conv1 kernel`, … */
export type Differences = ReadonlyMap<string, number>;

/** Runs of one side, each made once. */
export class Runs {
  private readonly made = new Map<string, Promise<Run>>();

  constructor(
    readonly side: Side,
    private readonly precision: Precision,
    private readonly steps: number,
    private readonly keep: readonly string[],
    /** Whether both sides have a loss. */
    private readonly trains: boolean,
  ) {}

  under(plan: SidePlan): Promise<Run> {
    const key = JSON.stringify(plan);
    let run = this.made.get(key);
    if (!run) {
      run = this.run(plan);
      this.made.set(key, run);
    }
    return run;
  }

  private async run(plan: SidePlan): Promise<Run> {
    const { program } = this.side;
    const { precision, steps, keep, trains } = this;
    await program.ask({ do: 'prepare', precision, ...plan });
    const look = { record: true, light: true, keep, loss: trains };
    const evaluation = await program.ask<Forward>({ do: 'forward', ...look });
    if (!trains) {
      return {
        evaluation: evaluation.result,
        arrays: evaluation.arrays,
        losses: [],
        steps: new Map(),
      };
    }
    const stepped = await program.ask<{ losses: number[] }>({
      do: 'train',
      steps,
      look: [1, steps],
    });
    const after = await program.ask<Forward>({ do: 'forward', ...look });
    return {
      evaluation: evaluation.result,
      arrays: evaluation.arrays,
      losses: stepped.result.losses,
      steps: stepped.arrays,
      after: after.result,
      afterArrays: after.arrays,
    };
  }
}

/**
 * Does work on both sides at the same time; on large models in turn, which takes no longer, since each
 * uses all processors, and half the memory.
 */
export async function onEach<Result>(
  sides: Record<Which, Side>,
  work: (which: Which) => Promise<Result>,
): Promise<[PromiseSettledResult<Result>, PromiseSettledResult<Result>]> {
  if (!sides.left.large) return Promise.allSettled([work('left'), work('right')]);
  const [left] = await Promise.allSettled([work('left')]);
  const [right] = await Promise.allSettled([work('right')]);
  return [left, right];
}

const relative = (a: number, b: number): number =>
  a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b)) || 0;

/** How two runs differ, layer by layer and step by step. */
export function differences(
  sides: { left: Side; right: Side },
  { left, right }: { left: Run; right: Run },
  match: Match,
  weights: readonly WeightPair[],
  /** The elements of each weight that are compared, as they start. */
  starts: readonly NDArray[],
  lookedAt: { left: readonly string[]; right: readonly string[] },
  steps: number,
): Map<string, number> {
  const found = new Map<string, number>();
  const note = (name: string, value: number) => found.set(name, value);
  const outputs = (when: string, a: Arrays, b: Arrays) => {
    for (const { left: x, right: y } of match.pairs) {
      if (!lookedAt.left.includes(`${x.position}.0`) || !lookedAt.right.includes(`${y.position}.0`))
        continue;
      const both = counterparts(sides.left.candidates(x, a), sides.right.candidates(y, b));
      if (both) note(`outputs ${when}: ${labelOf(x)}`, relativeDifference(both[0], both[1]));
    }
  };
  outputs('at the start', left.arrays, right.arrays);
  if (left.evaluation.loss !== undefined && right.evaluation.loss !== undefined) {
    note('loss in evaluation', relative(left.evaluation.loss, right.evaluation.loss));
  }
  left.losses.forEach((loss, i) => {
    note(`loss of step ${i + 1}`, relative(loss, right.losses[i]!));
  });
  for (const step of [...new Set([1, steps])])
    stepDifferences(step, left.steps, right.steps, weights, starts, note);
  if (left.afterArrays && right.afterArrays) {
    outputs('after the steps', left.afterArrays, right.afterArrays);
    if (left.after?.loss !== undefined && right.after?.loss !== undefined) {
      note('loss in evaluation after the steps', relative(left.after.loss, right.after.loss));
    }
  }
  return found;
}

function stepDifferences(
  step: number,
  left: Arrays,
  right: Arrays,
  weights: readonly WeightPair[],
  starts: readonly NDArray[],
  note: (name: string, value: number) => void,
): void {
  const rows = weights.flatMap((weight, i) => {
    const [x, y] = [left.get(`weight:${step}:${i}`), right.get(`weight:${step}:${i}`)];
    const from = starts[i];
    return x && y && from ? [{ weight, x, y, from }] : [];
  });
  const moved = rows.map(({ x, y, from }) => Math.max(moves(x, from), moves(y, from)));
  // Beside what the model as a whole moves, the noise of a gradient that is zero counts for nothing.
  const whole = Math.max(
    0,
    ...rows.flatMap(({ weight }, i) => (buffer(weight) ? [] : [moved[i]!])),
  );
  rows.forEach(({ weight, x, y }, i) => {
    const scale = buffer(weight) ? Math.max(moved[i]!, 1e-6 * magnitude(x)) : whole;
    note(
      `weights after step ${step}: ${labelOf(weight.pair.left)} ${weight.role}`,
      scale > 0 ? relativeDifference(x, y, scale) : relativeDifference(x, y),
    );
  });
}

const buffer = ({ role }: WeightPair): boolean => role === 'mean' || role === 'variance';

/** The largest step of any element. */
export function moves(now: NDArray, before: NDArray): number {
  let most = 0;
  for (let i = 0; i < now.data.length; i++) {
    const value = Math.abs(now.data[i]! - before.data[i]!);
    if (value > most) most = value;
  }
  return most;
}
