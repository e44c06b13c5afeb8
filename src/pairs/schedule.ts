import type { Which } from './causes/cause';
import { trainingOf } from './causes/training';
import { type Optimizer, optimizerOf } from './optimizer';
import type { Side } from './side';

/** As many steps as are looked at where a schedule has steps without an end. */
const horizon = 10_000;

/** The side that stays as it is in the proofs. */
const reference = ({ left, right }: Record<Which, Side>): Which =>
  left.framework === 'torch' && right.framework === 'keras' ? 'right' : 'left';

/** How many steps an epoch of a side has, once the batches of both are alike; 1 where nothing tells it. */
export function stepsPerEpoch(sides: Record<Which, Side>, which: Which): number {
  const { description, samples } = sides[which];
  const own = description.training ?? {};
  if (own.stepsPerEpoch) return own.stepsPerEpoch;
  const plan = trainingOf(sides)?.[reference(sides)] ?? own;
  const kept = Math.floor(samples * (1 - (plan.validationSplit ?? 0)));
  const size = Math.min(plan.batchSize ?? kept, kept);
  return Math.max(1, plan.dropLast ? Math.floor(kept / size) : Math.ceil(kept / size));
}

/** The learning rate of each step of a side. */
export function ratesOf(
  sides: Record<Which, Side>,
  which: Which,
  count = horizon,
): readonly number[] {
  const { lr, learningRates: list = [lr], byEpoch } = optimizerOf(sides[which])!;
  const every = byEpoch ? stepsPerEpoch(sides, which) : 1;
  return Array.from(
    { length: count },
    (_, i) => list[Math.min(Math.floor(i / every), list.length - 1)]!,
  );
}

/** Whether two rates are one, but for how a float32 keeps them beside the largest. */
export const alike = (a: readonly number[], b: readonly number[]): boolean => parting(a, b) < 0;

function parting(a: readonly number[], b: readonly number[]): number {
  let most = 0;
  for (const rate of a) most = Math.max(most, Math.abs(rate));
  return a.findIndex((rate, i) => Math.abs(rate - b[i]!) > 1e-6 * most);
}

/** The step, from 0, at which two schedules part: the proofs' steps begin there. */
function firstStep(sides: Record<Which, Side>): number {
  const both = { left: optimizerOf(sides.left), right: optimizerOf(sides.right) };
  if (!both.left || !both.right) return 0;
  if (!both.left.learningRates && !both.right.learningRates) return 0;
  return Math.max(0, parting(ratesOf(sides, 'left'), ratesOf(sides, 'right')));
}

type ProofRates = Pick<Optimizer, 'learningRates' | 'byEpoch'> & {
  readonly firstStep?: number;
  readonly firstRate?: number;
};

/** A side's own schedule for the proofs; undefined where it has none. */
export function proofRates(sides: Record<Which, Side>, which: Which): ProofRates | undefined {
  const own = optimizerOf(sides[which]);
  if (!own?.learningRates) return undefined;
  const start = firstStep(sides);
  const rates = own.learningRates;
  return own.byEpoch
    ? { learningRates: rates, byEpoch: true, firstStep: start, firstRate: rates[0]! }
    : {
        learningRates: start < rates.length ? rates.slice(start, start + 10) : rates.slice(-1),
        byEpoch: false,
        firstStep: 0,
        firstRate: rates[0]!,
      };
}

/** A side's rates as any optimizer can take them in the proofs, one for each step. */
export function proofRatesByStep(sides: Record<Which, Side>, which: Which): ProofRates {
  const start = firstStep(sides);
  const { lr } = optimizerOf(sides[which])!;
  const rates = ratesOf(sides, which, start + 10);
  return {
    learningRates: rates.slice(start),
    byEpoch: false,
    firstStep: 0,
    firstRate: rates[0] ?? lr,
  };
}
