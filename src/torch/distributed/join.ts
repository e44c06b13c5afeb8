import { TorchError } from '../errors';
import { ones, zeros } from '../generated/functions';
import { warn } from '../nn/functional/warning';
import { allReduce } from './collectives';
import type { ProcessGroup } from './process-group';
import type { Work } from './work';

/** How a training with uneven inputs goes on (`torch.distributed.algorithms.join._JoinConfig`). */
export interface JoinConfig {
  readonly enable: boolean;
  readonly throwOnEarlyTermination: boolean;
}

/** What a process does for the others once it has no more inputs (`torch.distributed.algorithms.JoinHook`). */
export interface JoinHook {
  /** Takes part in the collectives of one iteration. */
  mainHook(): void;
  /** After all processes have joined. */
  postHook(isLastJoiner: boolean): void;
}

const count = (group: ProcessGroup, own: 0 | 1): number => {
  const total = (own ? ones : zeros)([1]);
  allReduce(total, { group });
  return total.item();
};

/** Tells the processes that have joined that this one has not, before its own collectives of an iteration. */
export function notifyJoinContext(group: ProcessGroup, config: JoinConfig): Work | null {
  if (!config.enable) return null;
  const work = allReduce(ones([1]), { group, asyncOp: true });
  if (config.throwOnEarlyTermination && count(group, 0) > 0) {
    throw new TorchError(
      'Detected at least one rank that exhausted inputs. Throwing across all ranks.',
      'RuntimeError',
    );
  }
  return work;
}

const manyIterations = 1000;

/** Takes part in the others' iterations until all have joined (the end of `with Join(…)`). */
export function joinOthers(
  group: ProcessGroup,
  { throwOnEarlyTermination }: JoinConfig,
  hook: JoinHook,
): void {
  let iterations = 0;
  while (count(group, 0) > 0) {
    if (iterations === manyIterations + 1) {
      warn(
        `Detected uneven input skew of greater than ${manyIterations}. This means that rank ${group.rank()} has at least ` +
          `${manyIterations} fewer inputs than other currently-active ranks. This level of skew could lead to performance ` +
          'degradation during training.',
      );
    }
    if (throwOnEarlyTermination) {
      count(group, 1);
      throw new TorchError(`Rank ${group.rank()} exhausted all inputs.`, 'RuntimeError');
    }
    hook.mainHook();
    iterations++;
  }
  hook.postHook(iterations === 0);
}
