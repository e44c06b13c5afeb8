/** The accelerator of this build of PyTorch, whichever it is (`torch.accelerator`): GPUs of NVIDIA's, or none. */
import * as cuda from './cuda';
import { type Device, device } from './device';
import { TorchError } from './errors';
import { native } from './native';
import type { Stream } from './streams';

const none = () =>
  new TorchError('Cannot access accelerator device when none is available.', 'RuntimeError');

/** The kind of the accelerator; null in a build for the CPU, or with `checkAvailable` where there is no device. */
export function currentAccelerator(checkAvailable = false): device | null {
  return native.hasCuda() && (!checkAvailable || cuda.isAvailable()) ? device('cuda') : null;
}

/** A function of torch.cuda's, in a build that has it. */
const ofAccelerator =
  <Arguments extends unknown[], Result>(run: (...args: Arguments) => Result) =>
  (...args: Arguments): Result => {
    if (!native.hasCuda()) throw none();
    return run(...args);
  };

export const isAvailable = (): boolean => cuda.isAvailable();
export const deviceCount = (): number => cuda.deviceCount();
export const currentDeviceIndex = ofAccelerator(cuda.currentDevice);
export const setDeviceIndex = ofAccelerator(cuda.setDevice);
/** Runs `fn` with a device as the current one (`torch.accelerator.device_index`); null changes nothing. */
export const deviceIndex = ofAccelerator(
  <T>(index: number | null, fn: () => T): T => (index === null ? fn() : cuda.device(index, fn)),
);
/** Waits until the work on a device has ended. */
export const synchronize = ofAccelerator((of: Device | number | null = null) =>
  cuda.synchronize(of),
);
export const currentStream = ofAccelerator(
  (of: Device | number | null = null): Stream => cuda.currentStream(of),
);
export const setStream = ofAccelerator(cuda.setStream);
export const emptyCache = ofAccelerator(cuda.emptyCache);
export const memoryStats = ofAccelerator(cuda.memoryStats);
export const memoryAllocated = ofAccelerator(cuda.memoryAllocated);
export const maxMemoryAllocated = ofAccelerator(cuda.maxMemoryAllocated);
export const memoryReserved = ofAccelerator(cuda.memoryReserved);
export const maxMemoryReserved = ofAccelerator(cuda.maxMemoryReserved);
export const resetPeakMemoryStats = ofAccelerator(cuda.resetPeakMemoryStats);
export const resetAccumulatedMemoryStats = ofAccelerator(cuda.resetAccumulatedMemoryStats);
/** Free and total bytes of a device. */
export const getMemoryInfo = ofAccelerator(cuda.memGetInfo);
