/** Which divergences are known, and those of distributions made of others. */
import { named } from '../../arguments';
import { grad } from '../../autograd';
import { TorchError } from '../../errors';
import { xlogy } from '../../generated/special';
import type { Tensor } from '../../tensor';
import { Independent, TransformedDistribution } from '../derived';
import { type Distribution, ExponentialFamily } from '../distribution';
import type { Gamma } from '../gamma';
import { sumRightmost } from '../parameters';
import { sameTransforms } from '../transforms/compose';

/** @internal */
export const infinity = Number.POSITIVE_INFINITY;
/** @internal */
export const xLogX = (x: Tensor): Tensor => xlogy(x, x);
/** @internal The logarithm of what a gamma density is divided by. */
export const logNormalizer = ({ concentration, rate }: Gamma): Tensor =>
  concentration.lgamma().sub(concentration.mul(rate.log()));

// biome-ignore lint/suspicious/noExplicitAny: of any arguments.
type DistributionClass<D extends Distribution> = abstract new (...args: any[]) => D;
type Divergence<P extends Distribution, Q extends Distribution> = (p: P, q: Q) => Tensor;

interface Entry {
  readonly p: DistributionClass<Distribution>;
  readonly q: DistributionClass<Distribution>;
  readonly divergence: Divergence<never, never>;
}

const entries: Entry[] = [];

/** Says how the divergence of two classes of distributions is computed (`register_kl`). */
export function registerKl<P extends Distribution, Q extends Distribution>(
  p: DistributionClass<P>,
  q: DistributionClass<Q>,
  divergence: Divergence<P, Q>,
): void {
  const known = entries.findIndex((each) => each.p === p && each.q === q);
  if (known >= 0) entries.splice(known, 1);
  entries.push({ p, q, divergence });
}

/** How far up a class lies in an object's line of classes; infinite where it isn't there. */
function distance(value: object, of: DistributionClass<Distribution>): number {
  let steps = 0;
  for (let at = Object.getPrototypeOf(value); at; at = Object.getPrototypeOf(at), steps++) {
    if (at === of.prototype) return steps;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * The Kullback-Leibler divergence of two distributions, in their batch's shape (`torch.distributions.kl_divergence`).
 * Throws TorchError (NotImplementedError) for a pair of which it isn't known.
 */
export const klDivergence = named<'kl_divergence', { p: Distribution; q: Distribution }>(
  'kl_divergence',
  (p: Distribution, q: Distribution) => {
    let best: Entry | null = null;
    let least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (const entry of entries) {
      const [first, second] = [distance(p, entry.p), distance(q, entry.q)];
      if (!Number.isFinite(first + second)) continue;
      if (first < least[0]! || (first === least[0] && second < least[1]!)) {
        best = entry;
        least = [first, second];
      }
    }
    if (best) return best.divergence(p as never, q as never);
    throw new TorchError(
      `No KL(p || q) is implemented for p type ${p.constructor.name} and q type ${q.constructor.name}`,
      'NotImplementedError',
    );
  },
);

registerKl(ExponentialFamily, ExponentialFamily, (p, q) => {
  if (p.constructor !== q.constructor) {
    throw new TorchError(
      'The cross KL-divergence between different exponential families cannot be computed using Bregman divergences',
      'NotImplementedError',
    );
  }
  const ofP = p.naturalParams.map((each) => each.detach().requiresGrad_());
  const ofQ = q.naturalParams;
  const normalizer = p.logNormalizer(...ofP);
  const gradients = grad(normalizer.sum(), ofP, { createGraph: true });
  let result = q.logNormalizer(...ofQ).sub(normalizer);
  ofP.forEach((each, i) => {
    const term = ofQ[i]!.sub(each).mul(gradients[i]!);
    result = result.sub(sumRightmost(term, q.eventShape.length));
  });
  return result;
});

registerKl(TransformedDistribution, TransformedDistribution, (p, q) => {
  if (
    !sameTransforms(p.transforms, q.transforms) ||
    String(p.eventShape) !== String(q.eventShape)
  ) {
    throw new TorchError(
      'KL of distributions with different transforms or event shapes is not implemented',
      'NotImplementedError',
    );
  }
  return klDivergence(p.baseDist, q.baseDist);
});

registerKl(Independent, Independent, (p, q) => {
  if (p.reinterpretedBatchNdims !== q.reinterpretedBatchNdims) {
    throw new TorchError('KL of different reinterpreted_batch_ndims', 'NotImplementedError');
  }
  return sumRightmost(klDivergence(p.baseDist, q.baseDist), p.reinterpretedBatchNdims);
});
