import { join } from 'node:path';
import { native } from '../native';

const own = join(__dirname, '..');

/** The JavaScript stack, without the frames that lead from an operator into libtorch. */
function stack(): string {
  const frames = new Error().stack?.split('\n').slice(1) ?? [];
  const inner = ['autograd', 'dispatch', 'generated', 'native'].map((name) => join(own, name));
  return frames.filter((frame) => !inner.some((path) => frame.includes(path))).join('\n');
}

native.setTracer(stack);

/**
 * Switches anomaly mode (`torch.autograd.set_detect_anomaly`): a backward that gives NaN throws, and
 * a warning shows the line that made the operation of which the backward failed. It is slow.
 */
export function setDetectAnomaly(enabled: boolean, options: { checkNan?: boolean } = {}): void {
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
