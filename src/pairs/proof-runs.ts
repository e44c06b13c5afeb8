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

/** Measures what each candidate does, in float64. */
export async function proofsOf(
  sides: Record<Which, Side>,
  match: Match,
  weights: readonly WeightPair[],
  starts: readonly NDArray[],
  base: Plan,
  found: readonly Candidate[],
  say: (text: string, proofs: Proofs['proofs']) => void,
): Promise<Proofs> {
  const proofSteps = proofStepsOf(sides.left);
  const last = lookedAt(match);
  const looks = { left: last.map(({ left }) => left), right: last.map(({ right }) => right) };
  const keys = {
    left: keysOf(sides.left, looks.left),
    right: keysOf(sides.right, looks.right),
  };
  const trains = sides.left.description.loss !== null && sides.right.description.loss !== null;
  const runs = {
    left: new Runs(sides.left, 'float64', proofSteps, keys.left, trains),
    right: new Runs(sides.right, 'float64', proofSteps, keys.right, trains),
  };
  const measure = async (plan: Plan): Promise<Differences> => {
    const [left, right] = await onEach(sides, (which) => runs[which].under(plan[which]));
    if (left.status === 'rejected' || right.status === 'rejected') {
      const { reason } = (left.status === 'rejected' ? left : right) as PromiseRejectedResult;
      return new Map([[`it runs: ${(reason as Error).message}`, Number.POSITIVE_INFINITY]]);
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

/** The last matched layer with weights: what the proofs look at for the outputs. */
function lookedAt({ pairs }: Match): { left: Unit; right: Unit }[] {
  const last = pairs
    .filter(({ left, right }) => anchors.has(left.kind) && !left.hidden && !right.hidden)
    .at(-1);
  return last ? [last] : [];
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
