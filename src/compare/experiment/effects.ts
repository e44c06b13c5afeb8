import { alea } from 'seedrandom';
import { mean, quantile, sampleStandardDeviation } from 'simple-statistics';

/** A mean with its bootstrap confidence interval. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

const resamples = 2000;

/**
 * The mean of some values with its 95 % interval, by the percentile bootstrap (Efron 1979, "Bootstrap
 * methods: another look at the jackknife") with 2,000 resamples drawn from a fixed seed. Throws
 * RangeError without values.
 */
export function bootstrapMean(values: readonly number[]): Estimate {
  if (values.length === 0) throw new RangeError('a mean needs at least one value');
  const random = alea('bootstrap');
  const draw = () => values[Math.floor(random() * values.length)]!;
  const means = Array.from({ length: resamples }, () => mean(values.map(draw)));
  return {
    mean: mean([...values]),
    low: quantile(means, 0.025),
    high: quantile(means, 0.975),
    count: values.length,
  };
}

/**
 * Cohen's d of paired differences: their mean in units of their standard deviation (Cohen 1988,
 * "Statistical power analysis for the behavioral sciences", 2.3.5). NaN for fewer than two, or where
 * all are equal.
 */
export function pairedEffectSize(differences: readonly number[]): number {
  if (differences.length < 2) return Number.NaN;
  const spread = sampleStandardDeviation([...differences]);
  return spread === 0 ? Number.NaN : mean([...differences]) / spread;
}
