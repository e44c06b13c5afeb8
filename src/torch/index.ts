/** PyTorch for TypeScript, on libtorch. Names are PyTorch's own, in camelCase. */
import './operators';
import { lookUp } from './dispatch';
import { native } from './native';

export * from './generated/functions';
export { getDefaultDtype, tensor } from './creation';
export { Tensor, type TypedArray } from './tensor';
export { TorchError } from './errors';
export { keep, tidy } from './memory';
export {
  Generator,
  defaultGenerator,
  getRngState,
  initialSeed,
  manualSeed,
  setRngState,
} from './random';
export { enableGrad, inferenceMode, isGradEnabled, noGrad, setGradEnabled } from './autograd';
export * from './types';
export * as autograd from './autograd';
export * as fft from './generated/fft';
export * as linalg from './generated/linalg';
export * as special from './generated/special';
export * as nn from './nn';
export * as optim from './optim';
export * as utils from './utils';
export * as transforms from './transforms';

/** Threads that one operator may use. */
export const getNumThreads = (): number => native.getNumThreads();
export const setNumThreads = (count: number): void => native.setNumThreads(count);

type Ops = { readonly aten: Record<string, (...args: never[]) => unknown> };

/** Every ATen operator by its own name: `torch.ops.aten.log_sigmoid_forward(x)`. */
export const ops: Ops = {
  aten: new Proxy({} as Record<string, (...args: never[]) => unknown>, {
    get(cache, name: string) {
      const call = lookUp(name);
      cache[name] ??= (...args) => call(args);
      return cache[name];
    },
  }),
};
