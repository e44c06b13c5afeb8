/** PyTorch for TypeScript, on libtorch. Names are PyTorch's own, in camelCase. */
import './operators';
import { teachExpect } from './equality';
import { native } from './native';
import type { Tensor } from './tensor';

teachExpect();

export * as accelerator from './accelerator';
export * as amp from './amp';
export {
  autocast,
  clearAutocastCache,
  GradScaler,
  getAutocastDtype,
  isAutocastCacheEnabled,
  isAutocastEnabled,
  setAutocastCacheEnabled,
  setAutocastDtype,
  setAutocastEnabled,
} from './amp';
export * as autograd from './autograd';
export {
  enableGrad,
  inferenceMode,
  isGradEnabled,
  isInferenceModeEnabled,
  noGrad,
  setGradEnabled,
} from './autograd';
export * as backends from './backends';
export {
  asarray,
  asTensor,
  frombuffer,
  fromFile,
  getDefaultDevice,
  getDefaultDtype,
  setDefaultDtype,
  tensor,
} from './creation';
export * as cuda from './cuda';
export { getDeterministicDebugMode, setDeterministicDebugMode } from './debug-mode';
export { setDefaultDevice } from './default-device';
export { device } from './device';
export * as distributed from './distributed';
export * as distributions from './distributions';
export * from './dtypes';
export * from './elsewhere';
export { TorchError } from './errors';
export * as func from './func';
export { vmap } from './func';
export * from './functional';
export * as fft from './generated/fft';
export * from './generated/functions';
export * as linalg from './generated/linalg';
export * as special from './generated/special';
export * as _inductor from './inductor';
export * as jit from './jit';
export * from './legacy-tensors';
export { keep, tidy } from './memory';
export * as nn from './nn';
export { typename } from './nn/guard';
export { type FloatInfo, finfo, type IntegerInfo, iinfo } from './number-info';
export { fromNumpy, type NumpyArray } from './numpy-array';
export { ops } from './ops';
export * as optim from './optim';
export * as profiler from './profiler';
export {
  defaultGenerator,
  Generator,
  getRngState,
  initialSeed,
  manualSeed,
  seed,
  setRngState,
} from './random';
export * as random from './random-module';
export type { RemovableHandle } from './removable-handle';
export * as serialization from './serialization';
export { load, safetensors, save } from './serialization';
export * as signal from './signal';
export { Size } from './size';
export * as sparse from './sparse';
export { Event, Stream } from './streams';
export { isTensor, numel, type TypedArray } from './tensor';
export type { MoveOptions } from './tensor-methods';
export { type PrintOptions, setPrintoptions } from './tensor-string';
export * as testing from './testing';
export * from './threads';
export * as transforms from './transforms';
export * from './types';
export * as utils from './utils';

/** The number of a tensor's GPU, -1 on the CPU (`torch.get_device`). */
export const getDevice = (input: Tensor): number => input.getDevice();

/** Threads that one operator may use. */
export const getNumThreads = (): number => native.getNumThreads();
export const setNumThreads = (count: number): void => native.setNumThreads(count);

/** Has operators take algorithms that always give the same bits, or throw (`torch.use_deterministic_algorithms`). */
export const useDeterministicAlgorithms = (
  mode: boolean,
  options: { warnOnly?: boolean } = {},
): void => native.useDeterministicAlgorithms(mode, options.warnOnly ?? false);
export const areDeterministicAlgorithmsEnabled = (): boolean =>
  native.areDeterministicAlgorithmsEnabled();

/** Whether what is not deterministic only warns (`torch.is_deterministic_algorithms_warn_only_enabled`). */
export const isDeterministicAlgorithmsWarnOnlyEnabled = (): boolean =>
  native.areDeterministicAlgorithmsWarnOnly();
/** Has tiny numbers count as zero, where the processor can; says whether it can (`torch.set_flush_denormal`). */
export const setFlushDenormal = (mode: boolean): boolean => native.setFlushDenormal(mode);
/** Threads between which operators are divided that run at once, in programs of TorchScript. */
export const getNumInteropThreads = (): number => native.getNumInteropThreads();
export const setNumInteropThreads = (count: number): void => native.setNumInteropThreads(count);
/** Whether anomaly mode is on (`torch.is_anomaly_enabled`). */
export const isAnomalyEnabled = (): boolean => native.isAnomalyEnabled();
/** Switches anomaly mode (`torch.set_anomaly_enabled`). */
export const setAnomalyEnabled = (mode: boolean, checkNan = true): void =>
  native.setDetectAnomaly(mode, checkNan);
export const isAnomalyCheckNanEnabled = (): boolean => native.isAnomalyCheckNanEnabled();

export const { E: e, PI: pi } = Math;
export const inf = Number.POSITIVE_INFINITY;
export const nan = Number.NaN;
/** A new dimension in an index, Python's `None`. */
export const newaxis = null;
/** The release of libtorch behind all this, Python's `torch.__version__`. */
export const __version__: string = native.libtorchVersion();

/** How exactly float32 matrices are multiplied where the hardware offers less exact ways (`torch.set_float32_matmul_precision`). */
export const setFloat32MatmulPrecision = (precision: 'highest' | 'high' | 'medium'): void =>
  native.setMatmulPrecision(precision);
export const getFloat32MatmulPrecision = (): string => native.matmulPrecision();
