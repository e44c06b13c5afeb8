import { native } from '../native';
import { ScopedMode } from '../scoped-mode';

/** What holds inside one `noGrad` or the like. */
interface Mode {
  grad: boolean;
  readonly inference: boolean;
}

const modes = new ScopedMode<Mode>(
  ({ grad, inference }) => native.enterMode(grad, inference),
  () => native.leaveMode(),
);

const within = <T>(grad: boolean, inference: boolean, fn: () => T): T =>
  modes.run({ grad, inference }, fn);

/**
 * Runs `fn` without recording operations for autograd (`torch.no_grad`). An async `fn` is followed to
 * its end, and others that run meanwhile are not affected.
 */
export const noGrad = <T>(fn: () => T): T => within(false, native.isInferenceMode(), fn);

/** Runs `fn` with recording on, inside a `noGrad` (`torch.enable_grad`); see {@link noGrad}. */
export const enableGrad = <T>(fn: () => T): T => within(true, native.isInferenceMode(), fn);

/**
 * Runs `fn` without autograd's bookkeeping at all (`torch.inference_mode`): what it makes can't be
 * used in a graph later. See {@link noGrad}.
 */
export const inferenceMode = <T>(fn: () => T): T => within(false, true, fn);

/** Switches recording from here on (`torch.set_grad_enabled`); inside a mode, to that one's end. */
export function setGradEnabled(enabled: boolean): void {
  const mode = modes.current;
  if (mode) mode.grad = enabled;
  native.setGradEnabled(enabled);
}

/** Whether operations are recorded here (`torch.is_grad_enabled`). */
export const isGradEnabled = (): boolean => native.isGradEnabled();

/** Whether this runs inside {@link inferenceMode} (`torch.is_inference_mode_enabled`). */
export const isInferenceModeEnabled = (): boolean => native.isInferenceMode();
