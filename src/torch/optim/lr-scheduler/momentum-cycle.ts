import { TorchError } from '../../errors';
import type { Optimizer } from '../optimizer';
import type { ParamGroup } from '../param-group';
import { perGroup } from './scheduler';

export interface MomentumOptions {
  /** Let the momentum, or Adam's first beta, go up when the learning rate goes down. Default true. */
  cycleMomentum?: boolean;
  /** The least momentum, for all groups or for each. */
  baseMomentum?: number | readonly number[];
  /** The largest momentum, for all groups or for each. */
  maxMomentum?: number | readonly number[];
}

type Group = ParamGroup<{ lr: number; momentum?: number; betas?: readonly [number, number] }>;

/** Whether the optimizer's momentum is its first beta; throws TorchError where it has neither. */
export function usesBeta1({ defaults }: Optimizer): boolean {
  if ('betas' in defaults) return true;
  if ('momentum' in defaults) return false;
  throw new TorchError(
    'optimizer must support momentum or beta1 with `cycle_momentum` option enabled',
    'ValueError',
  );
}

/** Sets a group's momentum or first beta. */
export function setMomentum(group: Group, momentum: number): void {
  if (group.betas) group.betas = [momentum, group.betas[1]];
  else group.momentum = momentum;
}

/** The least and the largest momentum of each group, which start at the largest unless resumed. */
export function beginMomentum(
  optimizer: Optimizer,
  {
    baseMomentum,
    maxMomentum,
  }: { baseMomentum: number | readonly number[]; maxMomentum: number | readonly number[] },
  resumed: boolean,
): { base: number[]; max: number[] } {
  const max = perGroup('max_momentum', optimizer, maxMomentum);
  const base = perGroup('base_momentum', optimizer, baseMomentum);
  if (!resumed) {
    optimizer.paramGroups.forEach((group, i) => {
      setMomentum(group, max[i]!);
      group.maxMomentum = max[i]!;
      group.baseMomentum = base[i]!;
    });
  }
  return { base, max };
}
