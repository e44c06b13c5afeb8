/** Which operators ran, when and for how long (`torch.profiler`), by libtorch's own profiler. */
import { TorchError } from '../errors';
import { type Handle, native } from '../native';
import { ProfilerAction, type Schedule } from './schedule';
import { keyAverages, type Summary, selfTimes } from './summary';

export { ProfilerAction, type Schedule, schedule, tensorboardTraceHandler } from './schedule';

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
  /** Which steps are recorded; the function says by `steps.step()` that one has ended. All by default. */
  schedule?: Schedule;
  /** Gets each profile as soon as its steps have ended. */
  onTraceReady?: (profile: Profile) => void;
}

/** The steps of a function that is profiled. */
export interface ProfilerSteps {
  /** Ends a step and begins the next. */
  step(): void;
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

/** Starts and stops the profiler as the schedule says. */
class Recorder implements ProfilerSteps {
  private recording = false;
  private last: Profile | undefined;
  private number = 0;
  private readonly schedule: Schedule | undefined;

  constructor(private readonly options: ProfileOptions) {
    this.schedule = options.schedule;
    this.begin();
  }

  private action(): ProfilerAction {
    return this.schedule ? this.schedule(this.number) : ProfilerAction.RECORD;
  }

  private begin(): void {
    const records = this.action() >= ProfilerAction.RECORD;
    if (records && !this.recording) {
      const { recordShapes = false, profileMemory = false, withFlops = false } = this.options;
      native.startProfiler(recordShapes || withFlops, profileMemory, withFlops);
      this.recording = true;
    }
    if (this.recording && this.schedule) native.enterRange(`ProfilerStep#${this.number}`);
  }

  private save(): void {
    this.last = new Profile(native.stopProfiler());
    this.recording = false;
    this.options.onTraceReady?.(this.last);
  }

  step(): void {
    const ended = this.action();
    if (this.recording && this.schedule) native.leaveRange();
    this.number++;
    const stops = ended === ProfilerAction.RECORD_AND_SAVE || this.action() < ProfilerAction.RECORD;
    if (this.recording && stops) this.save();
    this.begin();
  }

  /** Ends the last step; gives the last profile. */
  end(): Profile {
    if (this.recording) {
      if (this.schedule) native.leaveRange();
      this.save();
    }
    if (this.last) return this.last;
    throw new TorchError(
      'Profiler must be initialized before the events: no step was recorded',
      'AssertionError',
    );
  }
}

type Profiled<R> = (steps: ProfilerSteps) => R;

/**
 * Records what runs in `fn`, to its end where it is async (`torch.profiler.profile`). Options come first, if there are any.
 * With a `schedule` only the steps that it names are recorded, and the last record is given. Throws TorchError where none
 * was recorded, and inside another profile.
 *
 * @example
 * const profile = torch.profiler.profile(() => net.call(x));
 * console.log(profile.keyAverages().table({ sortBy: 'cpuTimeTotal', rowLimit: 10 }));
 * profile.exportChromeTrace('trace.json');
 */
export function profile<T>(fn: Profiled<Promise<T>>): Promise<Profile>;
export function profile(fn: Profiled<unknown>): Profile;
export function profile<T>(options: ProfileOptions, fn: Profiled<Promise<T>>): Promise<Profile>;
export function profile(options: ProfileOptions, fn: Profiled<unknown>): Profile;
export function profile(
  ...args: [ProfileOptions | Profiled<unknown>, Profiled<unknown>?]
): Profile | Promise<Profile> {
  const fn = args.pop() as Profiled<unknown>;
  if (running) throw new TorchError('Profiler is already enabled on this thread', 'RuntimeError');
  const recorder = new Recorder((args[0] ?? {}) as ProfileOptions);
  running = true;
  const stop = () => {
    running = false;
    return recorder.end();
  };
  const fail = (error: unknown): never => {
    try {
      stop();
    } catch {
      // What the function threw says more.
    }
    throw error;
  };
  let result: unknown;
  try {
    result = fn(recorder);
  } catch (error) {
    return fail(error);
  }
  return result instanceof Promise ? result.then(stop, fail) : stop();
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
