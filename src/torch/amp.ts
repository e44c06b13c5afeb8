/** Automatic mixed precision (`torch.amp`): operators choose their dtype while `autocast` runs. */
import { isOptions } from './dispatch';
import { TorchError } from './errors';
import { native } from './native';
import { warn } from './nn/functional/warning';
import { ScopedMode } from './scoped-mode';
import { Tensor } from './tensor';
import type { DType } from './types';

export { GradScaler, type GradScalerOptions, type GradScalerStateDict } from './grad-scaler';

interface State {
  readonly device: string;
  readonly enabled: boolean;
  readonly dtype: string;
  readonly cache: boolean;
}

const modes = new ScopedMode<State>(
  ({ device, enabled, dtype, cache }) => native.enterAutocast(device, enabled, dtype, cache),
  () => native.leaveAutocast(),
);

export interface AutocastOptions {
  /** What operators such as matmul and conv compute in. Default: `getAutocastDtype(deviceType)`, on the CPU bfloat16. */
  dtype?: DType | null;
  /** Default true. */
  enabled?: boolean;
  /** Whether a weight's cast serves all calls inside. Default: as it is set. */
  cacheEnabled?: boolean | null;
}

/** Whether there is autocast for a kind of device (`torch.amp.is_autocast_available`). */
export const isAutocastAvailable = (deviceType: string): boolean =>
  ['cpu', 'cuda', 'xpu', 'mps', 'hpu', 'mtia', 'xla', 'ipu', 'maia'].includes(deviceType);

/**
 * Runs `fn` with operators in a lower precision where that is safe (`torch.autocast`), with the same casts as Python;
 * an async `fn` is followed to its end. Call `backward` outside of it.
 *
 * @example
 * const loss = torch.autocast('cpu', () => F.crossEntropy(net.call(x), y));
 * torch.autocast('cpu', 'bfloat16', () => net.call(x));
 */
export function autocast<T>(deviceType: string, fn: () => T): T;
export function autocast<T>(deviceType: string, options: AutocastOptions, fn: () => T): T;
export function autocast<T>(deviceType: string, dtype: DType | null, fn: () => T): T;
export function autocast<T>(
  deviceType: string,
  dtype: DType | null,
  enabled: boolean,
  fn: () => T,
): T;
export function autocast<T>(deviceType: string, ...rest: unknown[]): T {
  const fn = rest.pop();
  if (typeof fn !== 'function') {
    throw new TorchError(
      'autocast() takes a function as its last argument: torch.autocast(deviceType, () => …)',
      'TypeError',
    );
  }
  const last = rest.at(-1);
  const options = isOptions(last) ? (rest.pop() as AutocastOptions) : {};
  const [dtype = options.dtype, enabled = options.enabled, cache = options.cacheEnabled] = rest as [
    (DType | null)?,
    boolean?,
    (boolean | null)?,
  ];
  return modes.run(
    stateOf(deviceType, dtype ?? null, enabled ?? true, cache ?? null),
    fn as () => T,
  );
}

function stateOf(
  deviceType: string,
  dtype: DType | null,
  asked: boolean,
  cacheEnabled: boolean | null,
): State {
  if (typeof deviceType !== 'string') {
    throw new TorchError('Expected `device_type` of type `str`', 'ValueError');
  }
  const fast = dtype ?? getAutocastDtype(deviceType);
  if (!isAutocastAvailable(deviceType)) {
    throw new TorchError(
      `User specified an unsupported autocast device_type '${deviceType}'`,
      'RuntimeError',
    );
  }
  let enabled = asked;
  if (enabled && deviceType === 'cuda' && native.deviceCount('cuda') === 0) {
    warn('CUDA is not available or torch_xla is imported. Disabling autocast.');
    enabled = false;
  } else if (enabled && !['bfloat16', 'float16'].includes(fast)) {
    const name = deviceType.toUpperCase();
    warn(
      `In ${name} autocast, but the target dtype is not supported. Disabling autocast.\n` +
        `${name} Autocast only supports dtypes of torch.bfloat16, torch.float16 currently.`,
    );
    enabled = false;
  }
  const cache = cacheEnabled ?? native.isAutocastCacheEnabled();
  return { device: deviceType, enabled, dtype: fast, cache };
}

/** What `customFwd` leaves for `customBwd`, in the context of a custom function. */
interface AutocastContext {
  _dtype?: DType;
  _fwdUsedAutocast?: boolean;
}

/** Floating tensors of a kind of device in a dtype, in lists and records too; float64 stays. */
function cast(value: unknown, deviceType: string, dtype: DType): unknown {
  if (value instanceof Tensor) {
    const fits =
      value.isFloatingPoint() && value.device.type === deviceType && value.dtype !== 'float64';
    return fits ? value.to(dtype) : value;
  }
  if (Array.isArray(value)) return value.map((each) => cast(each, deviceType, dtype));
  if (!isOptions(value)) return value;
  const entries = Object.entries(value).map(([name, each]) => [
    name,
    cast(each, deviceType, dtype),
  ]);
  return Object.fromEntries(entries);
}

/**
 * Makes the `forward` of a custom autograd function heed autocast (`torch.amp.custom_fwd`): with `castInputs` it runs in that
 * dtype, with autocast off. Put {@link customBwd} around its `backward`.
 *
 * @example
 * class Square extends torch.autograd.Function {
 *   static override forward = torch.amp.customFwd((ctx, x) => …, { deviceType: 'cuda' });
 * }
 */
export function customFwd<Fn extends (ctx: never, ...args: never[]) => unknown>(
  fwd: Fn,
  { deviceType, castInputs = null }: { deviceType: string; castInputs?: DType | null },
): Fn {
  const run = (ctx: AutocastContext, ...args: unknown[]): unknown => {
    const enabled = isAutocastEnabled(deviceType);
    ctx._dtype = getAutocastDtype(deviceType);
    ctx._fwdUsedAutocast = castInputs === null && enabled;
    if (castInputs === null || !enabled) return fwd(ctx as never, ...(args as never[]));
    const inputs = args.map((each) => cast(each, deviceType, castInputs));
    return autocast(deviceType, { enabled: false }, () =>
      fwd(ctx as never, ...(inputs as never[])),
    );
  };
  return run as unknown as Fn;
}

/** Makes a `backward` run under the autocast of its `forward` (`torch.amp.custom_bwd`). */
export function customBwd<Fn extends (ctx: never, ...args: never[]) => unknown>(
  bwd: Fn,
  { deviceType }: { deviceType: string },
): Fn {
  const run = (ctx: AutocastContext, ...args: unknown[]): unknown =>
    autocast(deviceType, { enabled: ctx._fwdUsedAutocast!, dtype: ctx._dtype! }, () =>
      bwd(ctx as never, ...(args as never[])),
    );
  return run as unknown as Fn;
}

/** Whether operators on a kind of device choose their dtype here (`torch.is_autocast_enabled`). */
export const isAutocastEnabled = (deviceType = 'cuda'): boolean =>
  native.isAutocastEnabled(deviceType);
export const setAutocastEnabled = (deviceType: string, enabled: boolean): void =>
  native.setAutocastEnabled(deviceType, enabled);
/** The lower precision of a kind of device (`torch.get_autocast_dtype`). */
export const getAutocastDtype = (deviceType: string): DType =>
  native.getAutocastDtype(deviceType) as DType;
export const setAutocastDtype = (deviceType: string, dtype: DType): void =>
  native.setAutocastDtype(deviceType, dtype);
export const isAutocastCacheEnabled = (): boolean => native.isAutocastCacheEnabled();
export const setAutocastCacheEnabled = (enabled: boolean): void =>
  native.setAutocastCacheEnabled(enabled);
/** Forgets the weights' casts (`torch.clear_autocast_cache`). */
export const clearAutocastCache = (): void => native.clearAutocastCache();
