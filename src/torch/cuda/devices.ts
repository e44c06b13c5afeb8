import { type Device, device as deviceOfName } from '../device';
import { TorchError } from '../errors';
import { native } from '../native';
import { ScopedMode } from '../scoped-mode';
import type { Tensor } from '../tensor';

/** A GPU by its number, its name, or its device; none or null for the current one. */
export type CudaDevice = Device | number | null;

/** Loads and starts CUDA, as its first use does (`torch.cuda.init`). Throws PyTorch's error where there is no GPU. */
export const init = (): void => native.initDevice('cuda');
/** Whether CUDA has been started. */
export const isInitialized = (): boolean => native.isCudaInitialized();

/** Whether this build of PyTorch knows GPUs and this machine has one. */
export const isAvailable = (): boolean => deviceCount() > 0;
export const deviceCount = (): number => native.deviceCount('cuda');

/** The name of a GPU for the addon. @internal */
export function nameOf(given: CudaDevice | undefined, isOptional = true): string {
  if (typeof given === 'number') return given < 0 ? 'cuda' : `cuda:${given}`;
  if (given !== null && given !== undefined) {
    const { type, index } = deviceOfName(given);
    if (type !== 'cuda') {
      throw new TorchError(`Expected a cuda device, but got: ${given}`, 'ValueError');
    }
    if (index !== null) return `cuda:${index}`;
  }
  if (!isOptional) {
    throw new TorchError(
      `Expected a torch.device with a specified index or an integer, but got:${given ?? 'None'}`,
      'ValueError',
    );
  }
  return 'cuda';
}

/** The number of the current GPU. */
export const currentDevice = (): number => native.currentDevice('cuda');

/** Has `'cuda'` mean this GPU from here on, on this thread; a negative number changes nothing. */
export function setDevice(given: Device | number): void {
  if (typeof given === 'number' && given < 0) return;
  native.exchangeDevice(nameOf(given, false));
}

const before: number[] = [];
const modes = new ScopedMode<string>(
  (name) => before.push(native.exchangeDevice(name)),
  () => native.exchangeDevice(`cuda:${before.pop()}`),
);

/**
 * Runs `fn` with a GPU as the current one (Python's `with torch.cuda.device(…):`); an async `fn` is followed to its end.
 * null and negative numbers change nothing.
 */
export const device = <T>(given: CudaDevice, fn: () => T): T =>
  given === null || (typeof given === 'number' && given < 0) ? fn() : modes.run(nameOf(given), fn);

/** Runs `fn` with the GPU of a tensor as the current one; a tensor on the CPU changes nothing. */
export const deviceOf = <T>(tensor: Tensor, fn: () => T): T =>
  device(tensor.isCuda ? tensor.device : null, fn);

/** Waits until all work on a GPU has ended. */
export const synchronize = (given: CudaDevice = null): void =>
  native.synchronizeDevice(nameOf(given));

/** What a GPU is and has, by PyTorch's names. */
export interface DeviceProperties {
  readonly name: string;
  readonly major: number;
  readonly minor: number;
  /** Bytes. */
  readonly totalMemory: number;
  readonly multiProcessorCount: number;
  readonly uuid: string;
  readonly warpSize: number;
  readonly maxThreadsPerBlock: number;
  readonly maxThreadsPerMultiProcessor: number;
  readonly regsPerMultiprocessor: number;
  readonly sharedMemoryPerBlock: number;
  readonly sharedMemoryPerBlockOptin: number;
  readonly sharedMemoryPerMultiprocessor: number;
  readonly clockRate: number;
  readonly memoryClockRate: number;
  readonly memoryBusWidth: number;
  readonly pciBusId: number;
  readonly pciDeviceId: number;
  readonly pciDomainId: number;
  readonly L2CacheSize: number;
  readonly isIntegrated: number;
  readonly isMultiGpuBoard: number;
}

/** Throws TorchError (AssertionError) for the number of a GPU that isn't there. */
export function getDeviceProperties(given: CudaDevice = null): DeviceProperties {
  init();
  const name = nameOf(given);
  const index = deviceOfName(name as Device).index ?? 0;
  if (index >= deviceCount()) throw new TorchError('Invalid device id', 'AssertionError');
  return native.cudaProperties(name) as DeviceProperties;
}
export const getDeviceName = (given: CudaDevice = null): string => getDeviceProperties(given).name;
/** Major and minor number of what a GPU can do. */
export function getDeviceCapability(given: CudaDevice = null): [major: number, minor: number] {
  const { major, minor } = getDeviceProperties(given);
  return [major, minor];
}
/** Whether a GPU can read the memory of another. */
export const canDeviceAccessPeer = (given: CudaDevice, peer: Device | number): boolean =>
  native.canAccessPeer(nameOf(given), nameOf(peer, false));

/** Whether GPUs take bfloat16; false if there are none. Before compute capability 8 by way of float32. */
export const isBf16Supported = (includingEmulation = true): boolean =>
  isAvailable() && (includingEmulation || getDeviceProperties().major >= 8);
/** Whether GPUs multiply float32 matrices in TF32 where that is allowed. */
export const isTf32Supported = (): boolean => isBf16Supported(false);

/** The architectures that this build has code for, such as `'sm_90'`; none where there is no GPU to ask. */
export function getArchList(): string[] {
  if (!isAvailable()) return [];
  const flags = native.cudaConfig().matchAll(/code=(\w+)/g);
  return [...new Set(Array.from(flags, ([, architecture]) => architecture!))];
}
/** The same as options of CUDA's compiler. */
export const getGencodeFlags = (): string =>
  getArchList()
    .map((architecture) => {
      const [kind, number] = architecture.split('_');
      return `-gencode compute=compute_${number},code=${kind}_${number}`;
    })
    .join(' ');
