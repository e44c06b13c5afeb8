import type { NDArray } from './arrays';
import type { Which } from './causes';
import type { Match } from './match';
import { type Differences, differences, onEach, type Plan, Runs } from './measure';
import { type Candidate, type Proofs, prove } from './proof';
import type { Side } from './side';
import { anchors, type Unit } from './units';
import type { WeightPair } from './weights';

/** What is in float64 beyond this is no rounding. */
export const float64Tolerance = 5e-7;

/** Steps of each proof. */
const proofStepsOf = (side: Side): number => (side.large ? 1 : 3);

/** In the place of a difference where a side fails. */
export const fails = 'a step fails on';

/** Measures what each candidate does, in float64. */
export async function proofsOf(
  sides: Record<Which, Side>,
  match: Match,
  weights: readonly WeightPair[],
  starts: readonly NDArray[],
  base: Plan,
  found: readonly Candidate[],
  /** Whether steps are compared, and not the outputs alone. */
  trains: boolean,
  say: (text: string, proofs: Proofs['proofs']) => void,
): Promise<Proofs> {
  const proofSteps = proofStepsOf(sides.left);
  const last = lookedAt(match, trains);
  const looks = { left: last.map(({ left }) => left), right: last.map(({ right }) => right) };
  const keys = {
    left: keysOf(sides.left, looks.left),
    right: keysOf(sides.right, looks.right),
  };
  const runs = {
    left: new Runs(sides.left, 'float64', proofSteps, keys.left, trains),
    right: new Runs(sides.right, 'float64', proofSteps, keys.right, trains),
  };
  const measure = async (plan: Plan): Promise<Differences> => {
    const [left, right] = await onEach(sides, (which) => runs[which].under(plan[which]));
    if (left.status === 'rejected' || right.status === 'rejected') {
      const [which, { reason }] = (
        left.status === 'rejected' ? ['left', left] : ['right', right]
      ) as [Which, PromiseRejectedResult];
      const what = `${fails} the ${which} side: ${(reason as Error).message}`;
      return new Map([[what, Number.POSITIVE_INFINITY]]);
    }
    return differences(
      sides,
      { left: left.value, right: right.value },
      match,
      weights,
      starts,
      keys,
      proofSteps,
    );
  };
  return prove(base, found, measure, float64Tolerance, (done, total, proofs) =>
    say(`proof ${done} of ${total}`, proofs),
  );
}

/** What the proofs look at for the outputs: the last layer with weights; without a loss, what follows it too. */
function lookedAt({ pairs }: Match, trains: boolean): Match['pairs'][number][] {
  const seen = pairs.filter(
    ({ left, right }) => left.kind !== 'shape' && !left.hidden && !right.hidden,
  );
  const last = seen.filter(({ left }) => anchors.has(left.kind)).at(-1);
  return [...new Set([last, trains ? undefined : seen.at(-1)])].filter((pair) => !!pair);
}

function keysOf(side: Side, units: readonly Unit[]): string[] {
  return units.flatMap((unit) => {
    const keys = unit.call.out.map((_, i) => `${unit.position}.${i}`);
    for (const other of side.units) {
      if (other.kind === 'shape' && other.sources.some((source) => source === unit.index))
        keys.push(`${other.position}.0`);
    }
    return keys;
  });
}
