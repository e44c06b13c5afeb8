import { lessPrecise, trainingOf, type Which } from './causes';
import type { Match } from './match';
import { emptyPlan, type Plan } from './measure';
import { squaresEachOccurrence } from './notes';
import { optimizerOf, trained } from './optimizer';
import { proofRates } from './schedule';
import type { Side } from './side';
import type { Start } from './weights';

/** What is changed in all runs: shared masks, second biases, and formulas that nobody chose. */
export function basePlan(
  sides: Record<Which, Side>,
  { pairs }: Match,
  frozen: Start['frozen'],
): Plan {
  const plan = emptyPlan();
  const training = trainingOf(sides);
  for (const which of ['left', 'right'] as const) {
    const side = plan[which];
    // What no optimizer has stays as it is, though PyTorch gives it gradients.
    const idle = sides[which].description.weights.filter(
      ({ name, trainable }) => trainable && !trained(sides[which], name),
    );
    side.frozen = [...frozen[which], ...idle.map(({ name }) => name)];
    side.masks = {};
    const { whole } = sides[which].prepared ?? {};
    if (whole) side.whole = whole;
    if (lessPrecise(sides, which)) side.precision = 'own';
    if (training) side.batches = training[which];
    pairs
      .filter(({ left }) => left.kind === 'dropout')
      .forEach((pair, i) => {
        side.masks![pair[which].call.key] = `d${i}`;
        const { order, call } = pair[which];
        if (order) side.orders = { ...side.orders, [call.key]: [...order] };
      });
    const optimizer = optimizerOf(sides[which]);
    if (squaresEachOccurrence(sides, which, pairs)) side.dense = true;
    const rates = proofRates(sides, which);
    if (sides[which].framework === 'keras' && rates) side.optimizer = { settings: { ...rates } };
    if (sides[which].framework === 'torch' && optimizer) {
      const adam = ['adam', 'adamax', 'nadam'].includes(optimizer.kind);
      const mixed = sides[which === 'left' ? 'right' : 'left'].framework === 'keras';
      const groups = sides[which].description.optimizer!.groups ?? [];
      side.optimizer = {
        settings: { ...optimizer, ...rates, formula: adam && mixed ? 'keras' : 'torch' },
        weights:
          groups.length > 1
            ? Object.fromEntries(
                groups.flatMap(({ weights, lr, weight_decay }) =>
                  weights.map((name) => [name, { lr, weightDecay: weight_decay ?? 0 }]),
                ),
              )
            : {},
      };
    }
  }
  return plan;
}

/** Without what only the proofs need: the frameworks' own optimizers. */
export const asWritten = (plan: Plan): Plan => ({
  left: { ...plan.left, optimizer: undefined, dense: undefined },
  right: { ...plan.right, optimizer: undefined, dense: undefined },
});
