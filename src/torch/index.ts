/** PyTorch for TypeScript, on libtorch. Names are PyTorch's own, in camelCase. */
import './operators';
import { lookUp } from './dispatch';
import { native } from './native';

export * as autograd from './autograd';
export { enableGrad, inferenceMode, isGradEnabled, noGrad, setGradEnabled } from './autograd';
export { getDefaultDtype, tensor } from './creation';
export * from './dtypes';
export { TorchError } from './errors';
export * from './functional';
export * as fft from './generated/fft';
export * from './generated/functions';
export * as linalg from './generated/linalg';
export * as special from './generated/special';
export { keep, tidy } from './memory';
export * as nn from './nn';
export * as optim from './optim';
export {
  defaultGenerator,
  Generator,
  getRngState,
  initialSeed,
  manualSeed,
  setRngState,
} from './random';
export * as serialization from './serialization';
export { load, safetensors, save } from './serialization';
export * as signal from './signal';
export * as sparse from './sparse';
export { type MoveOptions, Tensor, type TypedArray } from './tensor';
export * as transforms from './transforms';
export * from './types';
export * as utils from './utils';

/** Threads that one operator may use. */
export const getNumThreads = (): number => native.getNumThreads();
export const setNumThreads = (count: number): void => native.setNumThreads(count);

type Ops = { readonly aten: Record<string, (...args: never[]) => unknown> };

/** Every ATen operator by its own name: `torch.ops.aten.log_sigmoid_forward(x)`. */
export const ops: Ops = {
  aten: new Proxy({} as Record<string, (...args: never[]) => unknown>, {
    get(cache, name: string) {
      if (!cache[name]) {
        const call = lookUp(name);
        cache[name] = (...args) => call(args);
      }
      return cache[name];
    },
  }),
};
