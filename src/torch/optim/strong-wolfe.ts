import type { Tensor } from '../tensor';
import { abs, add, atMost, div, less, max, min, mul, sub, type Value } from './scalar';

/** A point of the search: the step, the loss there, its gradient, and its slope along the direction. */
interface Point {
  t: Value;
  loss: number;
  gradient: Tensor;
  slope: Value;
}

/** The loss and its gradient at a step along the direction. */
export type Evaluate = (t: Value) => { loss: number; gradient: Tensor };

const c1 = 1e-4;
const c2 = 0.9;

/** The least point of the cubic through two points with their slopes, kept within the bounds. */
function interpolate(a: Point, b: Point, bounds?: readonly [Value, Value]): Value {
  const rising = atMost(a.t, b.t);
  const [low, high] = bounds ?? (rising ? [a.t, b.t] : [b.t, a.t]);
  const d1 = sub(add(a.slope, b.slope), div(3 * (a.loss - b.loss), sub(a.t, b.t))) as Tensor;
  const square = sub(d1.pow(2), mul(a.slope, b.slope)) as Tensor;
  if (!atMost(0, square)) return div(add(low, high), 2);
  const d2 = square.sqrt();
  const [near, far] = rising ? [a, b] : [b, a];
  const share = div(sub(add(far.slope, d2), d1), add(sub(far.slope, near.slope), mul(2, d2)));
  return min(max(sub(far.t, mul(sub(far.t, near.t), share)), low), high);
}

/**
 * A step that fulfils the strong Wolfe conditions, by bracketing and cubic interpolation: the line
 * search of PyTorch's LBFGS, operation by operation.
 */
export function strongWolfe(
  evaluate: Evaluate,
  direction: Tensor,
  start: Point,
  firstStep: Value,
  maxEvaluations: number,
  toleranceChange: number,
): { point: Point; evaluations: number } {
  const norm = direction.abs().max();
  const at = (t: Value): Point => {
    const { loss, gradient } = evaluate(t);
    return { t, loss, gradient, slope: gradient.dot(direction) };
  };
  /** Whether the loss is above the line that the first condition draws. */
  const tooHigh = ({ t, loss }: Point) => less(add(start.loss, mul(mul(c1, t), start.slope)), loss);
  const flat = ({ slope }: Point) => atMost(abs(slope), mul(-c2, start.slope));

  let point = at(firstStep);
  let evaluations = 1;
  let previous: Point = { ...start, t: 0 };
  let bracket: [Point] | [Point, Point] = [{ ...start, t: 0 }, point];
  let done = false;
  let iteration = 0;
  for (; iteration < maxEvaluations; iteration++) {
    if (tooHigh(point) || (iteration > 1 && point.loss >= previous.loss)) {
      bracket = [previous, point];
      break;
    }
    if (flat(point)) {
      bracket = [point];
      done = true;
      break;
    }
    if (atMost(0, point.slope)) {
      bracket = [previous, point];
      break;
    }
    const bounds = [add(point.t, mul(0.01, sub(point.t, previous.t))), mul(point.t, 10)] as const;
    const t = interpolate(previous, point, bounds);
    previous = point;
    point = at(t);
    evaluations++;
  }
  if (iteration === maxEvaluations) bracket = [{ ...start, t: 0 }, point];

  let insufficient = false;
  let [low, high] = order(bracket);
  while (!done && iteration < maxEvaluations) {
    const [first, second] = bracket as [Point, Point];
    if (less(mul(abs(sub(second.t, first.t)), norm), toleranceChange)) break;
    let t = interpolate(first, second);
    const [least, most] = [min(first.t, second.t), max(first.t, second.t)];
    const margin = mul(0.1, sub(most, least));
    if (less(min(sub(most, t), sub(t, least)), margin)) {
      // Too close to the boundary twice, or on it: a tenth of the bracket away from it.
      if (insufficient || atMost(most, t) || atMost(t, least)) {
        const nearMost = less(abs(sub(t, most)), abs(sub(t, least)));
        t = nearMost ? sub(most, margin) : add(least, margin);
        insufficient = false;
      } else {
        insufficient = true;
      }
    } else {
      insufficient = false;
    }
    const next = at(t);
    evaluations++;
    iteration++;
    const both = bracket as [Point, Point];
    if (tooHigh(next) || next.loss >= both[low]!.loss) {
      both[high] = next;
      [low, high] = order(both);
    } else {
      if (flat(next)) {
        done = true;
      } else if (atMost(0, mul(next.slope, sub(both[high]!.t, both[low]!.t)))) {
        both[high] = both[low]!;
      }
      both[low] = next;
    }
  }
  return { point: bracket[low]!, evaluations };
}

/** The places of the lower and of the higher loss. */
const order = (bracket: readonly Point[]): [number, number] =>
  bracket[0]!.loss <= bracket.at(-1)!.loss ? [0, 1] : [1, 0];
