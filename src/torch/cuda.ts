/**
 * GPUs (`torch.cuda`), as far as one can ask about them: whether there are any that this build of PyTorch can use,
 * and what Python answers where there are none.
 */
import { notHere } from './absent';
import type { Device } from './device';
import { TorchError } from './errors';
import { native } from './native';

/** Whether this build of PyTorch knows GPUs and this machine has one. */
export const isAvailable = (): boolean => native.deviceCount('cuda') > 0;
export const deviceCount = (): number => native.deviceCount('cuda');
/** Whether anything has been run on a GPU. */
export const isInitialized = (): boolean => false;
/** Whether GPUs take bfloat16; false if there are none. */
export const isBf16Supported = (): boolean => false;
/** The architectures that this build has code for. */
export const getArchList = (): string[] => [];

/** Python's error where there is no GPU, or ours where there is one. */
function refuse(name: string): never {
  throw isAvailable()
    ? new TorchError(
        `torch.cuda.${name} isn't part of tandem/torch, which runs on the CPU`,
        'NotImplementedError',
      )
    : new TorchError(
        `Torch not compiled with CUDA enabled: torch.cuda.${name} needs a GPU. Ask torch.cuda.isAvailable() first, and take 'cpu' where it's false`,
        'AssertionError',
      );
}

const refused =
  (name: string) =>
  (_device?: Device | number | null): never =>
    refuse(name);

export const init = refused('init');
export const currentDevice = refused('currentDevice');
export const setDevice = refused('setDevice');
export const synchronize = refused('synchronize');
export const getDeviceName = refused('getDeviceName');
export const getDeviceCapability = refused('getDeviceCapability');
export const getDeviceProperties = refused('getDeviceProperties');
export const getRngState = refused('getRngState');
export const memGetInfo = refused('memGetInfo');
export const memorySummary = refused('memorySummary');
export const ipcCollect = refused('ipcCollect');
export const resetPeakMemoryStats = refused('resetPeakMemoryStats');

const noBytes = (_device?: Device | number | null): number => 0;

/** Bytes on a GPU: none, as nothing is there. */
export const memoryAllocated = noBytes;
export const maxMemoryAllocated = noBytes;
export const memoryReserved = noBytes;
export const maxMemoryReserved = noBytes;

/** Gives unused memory of GPUs back; there is none. */
export const emptyCache = (): void => {};
/** Seeds the GPU's generators; as in Python, `torch.manualSeed` does so too. */
export const manualSeed = (_seed: number | bigint): void => {};
export const manualSeedAll = manualSeed;
/** Seeds the GPUs with an unpredictable number. */
export const seed = (): void => {};

const onlyOnGpus = 'it orders work on GPUs. On the CPU each call has ended when it returns';
export const Stream = notHere('torch.cuda.Stream', onlyOnGpus);
export const Event = notHere('torch.cuda.Event', onlyOnGpus);
export const CUDAGraph = notHere('torch.cuda.CUDAGraph', onlyOnGpus);
export const amp = notHere(
  'torch.cuda.amp',
  "on the CPU, train in float32, or convert the model and its inputs by .to('bfloat16')",
);
