/** Which operators ran, when and for how long (`torch.profiler`), by libtorch's own profiler. */
import { TorchError } from '../errors';
import { type Handle, native } from '../native';
import { keyAverages, type Summary, selfTimes } from './summary';

/** One run of an operator, or of a range that the program names: times in microseconds. */
export interface ProfilerEvent {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly thread: number;
  readonly scope: number;
  readonly bytes: number;
  readonly flops: number;
  /** The inputs' sizes, with `recordShapes`. */
  readonly shapes: readonly (readonly number[])[];
}

export interface ProfileOptions {
  recordShapes?: boolean;
  profileMemory?: boolean;
  withFlops?: boolean;
}

/** What was recorded. */
export class Profile {
  /** @internal */
  constructor(private readonly handle: Handle) {}

  events(): ProfilerEvent[] {
    return native.profileEvents(this.handle) as ProfilerEvent[];
  }

  /** The events of each name together; `String(averages)` and `averages.table()` print them as PyTorch does. */
  keyAverages(): Summary {
    return keyAverages(selfTimes(this.events().filter(({ name }) => name !== '[memory]')));
  }

  /** Writes a trace for Chrome's `chrome://tracing` and Perfetto (`export_chrome_trace`). */
  exportChromeTrace(path: string): void {
    native.saveProfile(this.handle, path);
  }
}

let running = false;

/**
 * Records what runs in `fn`, to its end where it is async (`torch.profiler.profile`). Options come first, if there are any.
 *
 * @example
 * const profile = torch.profiler.profile(() => net.call(x));
 * console.log(profile.keyAverages().table({ sortBy: 'cpuTimeTotal', rowLimit: 10 }));
 * profile.exportChromeTrace('trace.json');
 */
export function profile<T>(fn: () => Promise<T>): Promise<Profile>;
export function profile(fn: () => unknown): Profile;
export function profile<T>(options: ProfileOptions, fn: () => Promise<T>): Promise<Profile>;
export function profile(options: ProfileOptions, fn: () => unknown): Profile;
export function profile(
  ...args: [ProfileOptions | (() => unknown), (() => unknown)?]
): Profile | Promise<Profile> {
  const fn = args.pop() as () => unknown;
  const {
    recordShapes = false,
    profileMemory = false,
    withFlops = false,
  } = (args[0] ?? {}) as ProfileOptions;
  if (running) throw new TorchError('Profiler is already enabled on this thread', 'RuntimeError');
  running = true;
  native.startProfiler(recordShapes || withFlops, profileMemory, withFlops);
  const stop = () => {
    running = false;
    return new Profile(native.stopProfiler());
  };
  let result: unknown;
  try {
    result = fn();
  } catch (error) {
    stop();
    throw error;
  }
  if (!(result instanceof Promise)) return stop();
  return result.then(stop, (error) => {
    stop();
    throw error;
  });
}

/** Runs `fn` as a range of that name in the profile (`torch.profiler.record_function`). */
export function recordFunction<T>(name: string, fn: () => T): T {
  native.enterRange(name);
  try {
    return fn();
  } finally {
    native.leaveRange();
  }
}
