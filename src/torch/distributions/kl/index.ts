/** Kullback-Leibler divergences (`torch.distributions.kl`), by what values the first distribution has. */
import './bounded';
import './multivariate-normal';
import './unbounded';

export { klDivergence, registerKl } from './registry';
