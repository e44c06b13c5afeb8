import type { NDArray } from './arrays';
import { magnitude, relativeDifference } from './arrays';
import { asWritten } from './base-plan';
import type { Which } from './causes';
import { moves, onEach, type Plan } from './measure';
import type { Comparison } from './result';
import type { Side } from './side';
import { labelOf } from './units';
import type { WeightPair } from './weights';

/** The losses of both over many steps, and how the first step compares. */
export async function lossCurves(
  sides: Record<Which, Side>,
  base: Plan,
  weights: readonly WeightPair[],
  starts: readonly NDArray[],
  steps: number,
): Promise<Pick<Comparison, 'step' | 'losses' | 'stepFailures'>> {
  const plan = asWritten(base);
  const [a, b] = await onEach(sides, async (which) => {
    const { program } = sides[which];
    await program.ask({ do: 'prepare', precision: 'float32', ...plan[which] });
    return program.ask<{ losses: number[] }>({ do: 'train', steps, look: [1], gradients: true });
  });
  if (a.status === 'rejected' || b.status === 'rejected') {
    const failed = (['left', 'right'] as const).flatMap((which, i) => {
      const run = [a, b][i]!;
      return run.status === 'rejected'
        ? [`the ${which} side: ${(run.reason as Error).message}`]
        : [];
    });
    return { stepFailures: failed };
  }
  const [left, right] = [a.value.result.losses, b.value.result.losses];
  const part = left.findIndex(
    (loss, i) => Math.abs(loss - right[i]!) > 0.01 * Math.max(Math.abs(loss), Math.abs(right[i]!)),
  );
  const of = (kind: string, i: number) =>
    [a.value.arrays.get(`${kind}:1:${i}`), b.value.arrays.get(`${kind}:1:${i}`)] as const;
  // Beside the largest gradient of the model, the noise of one that is zero counts for nothing.
  const gradient = Math.max(
    0,
    ...weights.flatMap((_, i) => of('gradient', i).map((x) => (x ? magnitude(x) : 0))),
  );
  const update = Math.max(
    0,
    ...weights.flatMap(({ role }, i) =>
      ['mean', 'variance'].includes(role)
        ? []
        : of('weight', i).map((x) => (x ? moves(x, starts[i]!) : 0)),
    ),
  );
  const stateOf = (i: number) =>
    Object.fromEntries(
      ['momentum', 'velocity'].flatMap((name) => {
        const [x, y] = of(`state.${name}`, i);
        return x && y ? [[name, relativeDifference(x, y)]] : [];
      }),
    );
  const rows = weights.flatMap((weight, i) => {
    const [[x, y], [g, h]] = [of('weight', i), of('gradient', i)];
    if (!x || !y) return [];
    const buffer = ['mean', 'variance'].includes(weight.role);
    return [
      {
        layer: labelOf(weight.pair.left),
        role: weight.role,
        gradient: g && h && gradient > 0 ? relativeDifference(g, h, gradient) : null,
        updated: relativeDifference(x, y, buffer || update === 0 ? undefined : update),
        state: stateOf(i),
      },
    ];
  });
  return {
    step: { loss: { left: left[0]!, right: right[0]! }, weights: rows },
    losses: { left, right, part: part < 0 ? null : part + 1 },
  };
}
