/** The older names of `torch.amp`, for GPUs alone (`torch.cuda.amp`): they warn, as in Python. */
import { type AutocastOptions, autocast as autocastOn } from '../amp';
import { GradScaler as AnyGradScaler, type GradScalerOptions } from '../grad-scaler';
import { native } from '../native';
import { warn } from '../nn/functional/warning';

const deprecate = (name: string) =>
  warn(
    `\`torch.cuda.amp.${name}(args...)\` is deprecated. Please use \`torch.amp.${name}('cuda', args...)\` instead.`,
  );

/** See {@link AnyGradScaler}. */
export class GradScaler extends AnyGradScaler {
  constructor(options: GradScalerOptions = {}) {
    deprecate('GradScaler');
    super('cuda', options);
  }
}

/** See {@link autocastOn}. */
export function autocast<T>(fn: () => T): T;
export function autocast<T>(options: AutocastOptions, fn: () => T): T;
export function autocast<T>(...given: [AutocastOptions | (() => T), (() => T)?]): T {
  deprecate('autocast');
  const fn = given.pop() as () => T;
  return autocastOn('cuda', (given[0] as AutocastOptions) ?? {}, fn);
}

/** Whether there is no GPU for mixed precision. */
export const ampDefinitelyNotAvailable = (): boolean => native.deviceCount('cuda') === 0;
