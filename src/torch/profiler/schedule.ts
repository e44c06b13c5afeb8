import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Args, bind } from '../arguments';
import { TorchError } from '../errors';
import { warn } from '../nn/functional/warning';
import type { Profile } from './index';

/** What a profiler does in a step (`torch.profiler.ProfilerAction`). */
export const ProfilerAction = {
  NONE: 0,
  WARMUP: 1,
  RECORD: 2,
  RECORD_AND_SAVE: 3,
} as const;
export type ProfilerAction = (typeof ProfilerAction)[keyof typeof ProfilerAction];

export type Schedule = (step: number) => ProfilerAction;

interface Needed {
  /** Steps in which nothing is done … */
  wait: number;
  /** … steps before the record … */
  warmup: number;
  /** … and steps that are recorded; then it begins again. */
  active: number;
}
interface Options {
  /** How often; 0 for as long as the program goes on. */
  repeat?: number;
  /** Steps before the first of all. */
  skipFirst?: number;
  /** Not 0: the first time there is no waiting. */
  skipFirstWait?: number;
}

/** What to do in which step, for `profile` (`torch.profiler.schedule`). Throws TorchError for negative numbers. */
export function schedule(...args: Args<'schedule', Needed, Options>): Schedule {
  const { wait, warmup, active, repeat, skipFirst, skipFirstWait } = bind<
    Required<Needed & Options>
  >('schedule', args);
  if (wait < 0 || warmup < 0 || active <= 0 || repeat < 0 || skipFirst < 0) {
    throw new TorchError(
      `Invalid profiler schedule arguments. Got wait=${wait} (need >= 0), warmup=${warmup} (need >= 0), active=${active} (need > 0), repeat=${repeat} (need >= 0), skip_first=${skipFirst} (need >= 0).`,
      'AssertionError',
    );
  }
  if (warmup === 0) warn("Profiler won't be using warmup, this can skew profiler results");
  const length = wait + warmup + active;
  return (given) => {
    if (given < 0) {
      throw new TorchError(`Step must be non-negative. Got ${given}.`, 'AssertionError');
    }
    if (given < skipFirst) return ProfilerAction.NONE;
    const step = given - skipFirst + (skipFirstWait === 0 ? 0 : wait);
    if (repeat > 0 && step / length >= repeat) return ProfilerAction.NONE;
    const place = step % length;
    if (place < wait) return ProfilerAction.NONE;
    if (place < wait + warmup) return ProfilerAction.WARMUP;
    return place < length - 1 ? ProfilerAction.RECORD : ProfilerAction.RECORD_AND_SAVE;
  };
}

/**
 * What writes each profile into a folder, for TensorBoard's plugin and Perfetto
 * (`torch.profiler.tensorboard_trace_handler`): `<host>_<process>.<time>.pt.trace.json`.
 */
export function tensorboardTraceHandler(
  dirName: string,
  workerName: string | null = null,
): (profile: Profile) => void {
  return (profile) => {
    mkdirSync(dirName, { recursive: true });
    const name = workerName ?? `${hostname()}_${process.pid}`;
    const nanoseconds = `${Date.now()}${String(process.hrtime()[1] % 1e6).padStart(6, '0')}`;
    profile.exportChromeTrace(join(dirName, `${name}.${nanoseconds}.pt.trace.json`));
  };
}
