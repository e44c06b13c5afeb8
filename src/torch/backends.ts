/** What libtorch was built with, and the switches of its libraries (`torch.backends`). */
import { native } from './native';

/** An object whose properties are switches of libtorch. */
function switches<Name extends string, Rest extends object>(
  library: string,
  names: readonly Name[],
  rest: Rest,
): Record<Name, boolean> & Rest {
  const object = { ...rest };
  for (const name of names) {
    const full = `${library}.${name}`;
    Object.defineProperty(object, name, {
      enumerable: true,
      get: () => native.getSwitch(full),
      set: (on: boolean) => native.setSwitch(full, on),
    });
  }
  return Object.seal(object) as Record<Name, boolean> & Rest;
}

const has = (library: string) => () => native.hasLibrary(library);

/** NVIDIA's library of layers; its switches can be set everywhere and count on GPUs only. */
export const cudnn = switches('cudnn', ['enabled', 'benchmark', 'deterministic', 'allowTf32'], {
  isAvailable: has('cudnn'),
  /** Its number, such as 91900 for 9.19; null without it. */
  version: (): number | null => native.cudnnVersion() || null,
});
export const cuda = {
  isBuilt: has('cuda'),
  matmul: switches('cuda.matmul', ['allowTf32'], {}),
};
export const mkldnn = switches('mkldnn', ['enabled', 'deterministic'], {
  isAvailable: has('mkldnn'),
});
export const mkl = { isAvailable: has('mkl') };
export const openmp = { isAvailable: has('openmp') };
export const mps = {
  isBuilt: has('mps'),
  isAvailable: (): boolean => native.deviceCount('mps') > 0,
};
export const cpu = { getCpuCapability: (): string => native.cpuCapability() };
