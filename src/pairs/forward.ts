import { relativeDifference, rounding, sizeOf } from './arrays';
import { asWritten } from './base-plan';
import type { Which } from './causes';
import type { Match } from './match';
import type { Plan } from './measure';
import type { LayerDifference } from './result';
import { counterparts, type Side } from './side';
import { labelOf } from './units';

/** What the forward pass may differ in float32, relative to the largest element of a layer. */
export const forwardTolerance = 1e-4;

/** How the outputs of each layer compare, in evaluation and in training mode. */
export async function forwardDifferences(
  sides: Record<Which, Side>,
  match: Match,
  base: Plan,
): Promise<LayerDifference[]> {
  const plan = asWritten(base);
  const rows = match.pairs.filter(
    ({ left, right }) => left.kind !== 'shape' && !left.hidden && !right.hidden,
  );
  const evaluation = await layersApart(sides, plan, rows, false);
  // Dropouts get the same masks; one that draws by itself has nothing that could be compared.
  const training = await layersApart(sides, plan, rows, true);
  return rows.map(({ left }, i) => ({
    layer: labelOf(left),
    kind: left.kind,
    relative: evaluation[i]!,
    roundings: evaluation[i] === null ? null : evaluation[i]! / rounding,
    training: training[i]!,
  }));
}

/** Elements of outputs that are looked at together: a large model's weigh hundreds of megabytes. */
const together = 4_000_000;

/** How far the outputs of layers are apart; the programs hold them, and give some at a time. */
async function layersApart(
  sides: Record<Which, Side>,
  plan: Plan,
  rows: Match['pairs'],
  training: boolean,
): Promise<(number | null)[]> {
  const both = ['left', 'right'] as const;
  await Promise.all(
    both.map(async (which) => {
      const { program } = sides[which];
      await program.ask({ do: 'prepare', precision: 'float32', ...plan[which] });
      await program.ask({ do: 'forward', record: true, hold: true, training });
    }),
  );
  const apart: (number | null)[] = [];
  while (apart.length < rows.length) {
    const some: (typeof rows)[number][] = [];
    for (let size = 0; size < together && apart.length + some.length < rows.length; ) {
      const row = rows[apart.length + some.length]!;
      some.push(row);
      size += row.left.call.out.reduce((sum, shape) => sum + sizeOf(shape), 0);
    }
    const [a, b] = await Promise.all(
      both.map(async (which) => {
        const keys = some.flatMap((row) => sides[which].keysOf(row[which]));
        return (await sides[which].program.ask({ do: 'held', keys: [...new Set(keys)] })).arrays;
      }),
    );
    for (const { left, right } of some) {
      const two = counterparts(sides.left.candidates(left, a!), sides.right.candidates(right, b!));
      apart.push(two ? relativeDifference(two[0], two[1]) : null);
    }
  }
  await Promise.all(both.map((which) => sides[which].program.ask({ do: 'held', keys: [] })));
  return apart;
}

/** The first layer that leaves rounding: all before it agree. */
export function firstDifference(forward: readonly LayerDifference[]): string | undefined {
  return forward.find(({ relative }) => relative === null || relative > forwardTolerance)?.layer;
}
