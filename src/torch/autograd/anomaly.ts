import { native } from '../native';

let traced = false;

/** The JavaScript stack, without the frames of this library's own calls into libtorch. */
const stack = () => new Error().stack?.split('\n').slice(2).join('\n') ?? '';

/**
 * Switches anomaly mode (`torch.autograd.set_detect_anomaly`): a backward that gives NaN throws, and
 * a warning shows the line that made the operation of which the backward failed. It is slow.
 */
export function setDetectAnomaly(enabled: boolean, options: { checkNan?: boolean } = {}): void {
  if (!traced) native.setTracer(stack);
  traced = true;
  native.setDetectAnomaly(enabled, options.checkNan ?? true);
}

/**
 * Runs `fn` in anomaly mode (`torch.autograd.detect_anomaly`); see {@link setDetectAnomaly}. The mode
 * is the process's: while an async `fn` waits, it holds for others too.
 */
export function detectAnomaly<T>(fn: () => T, options: { checkNan?: boolean } = {}): T {
  const enabled = native.isAnomalyEnabled();
  const checkNan = native.isAnomalyCheckNanEnabled();
  const restore = () => setDetectAnomaly(enabled, { checkNan });
  setDetectAnomaly(true, options);
  let result: T;
  try {
    result = fn();
  } catch (error) {
    restore();
    throw error;
  }
  if (result instanceof Promise) return result.finally(restore) as T;
  restore();
  return result;
}
