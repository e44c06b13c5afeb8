import { TorchError } from './errors';
import { native } from './native';
import { Tensor } from './tensor';

export interface BackwardOptions {
  /** Gradient of the result, of its shape; needed unless the result is a scalar. */
  gradient?: Tensor | null;
  /** Keep the graph for another backward. Default: `createGraph`. */
  retainGraph?: boolean;
  /** Record the backward itself, for higher derivatives. */
  createGraph?: boolean;
  /** Accumulate only into these tensors. */
  inputs?: readonly Tensor[];
}

const handles = (tensors: readonly Tensor[]) => tensors.map((tensor) => tensor.handle);

function called<T>(name: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw TorchError.from(error, name);
  }
}

/** Adds gradients to the leaves behind a tensor (`torch.autograd.backward`). */
export function backward(tensor: Tensor, options: BackwardOptions = {}): void {
  const { gradient = null, createGraph = false, retainGraph = createGraph, inputs } = options;
  called('backward', () =>
    native.backward(
      [tensor.handle],
      gradient ? [gradient.handle] : [],
      retainGraph,
      createGraph,
      inputs ? handles(inputs) : null,
    ),
  );
}

export interface GradOptions {
  gradOutputs?: Tensor | readonly (Tensor | null)[] | null;
  retainGraph?: boolean;
  createGraph?: boolean;
  /** Give null for an input that the outputs don't depend on, where it would throw. */
  allowUnused?: boolean;
}

/**
 * Gradients of the sum of `outputs` with respect to each of `inputs` (`torch.autograd.grad`).
 * Nothing is accumulated into `.grad`.
 */
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  options: GradOptions = {},
): Tensor[] {
  const list = <T>(value: T | readonly T[]): readonly T[] =>
    Array.isArray(value) ? value : [value as T];
  const {
    gradOutputs,
    createGraph = false,
    retainGraph = createGraph,
    allowUnused = false,
  } = options;
  const results = called('grad', () =>
    native.grad(
      handles(list(outputs)),
      handles(list(inputs)),
      gradOutputs ? list<Tensor | null>(gradOutputs).map((g) => g?.handle ?? null) : [],
      retainGraph,
      createGraph,
      allowUnused,
    ),
  );
  return results.map((handle) => handle && new Tensor(handle)) as Tensor[];
}

/** Runs `fn` with recording on or off; an async `fn` is followed to its end. */
function withGradMode<T>(enabled: boolean, fn: () => T): T {
  const before = native.isGradEnabled();
  const restore = () => native.setGradEnabled(before);
  native.setGradEnabled(enabled);
  return finallyDo(fn, restore);
}

function finallyDo<T>(fn: () => T, restore: () => void): T {
  let result: T;
  try {
    result = fn();
  } catch (error) {
    restore();
    throw error;
  }
  if (result instanceof Promise) return result.finally(restore) as T;
  restore();
  return result;
}

/** Runs `fn` without recording operations for autograd (`torch.no_grad`). */
export const noGrad = <T>(fn: () => T): T => withGradMode(false, fn);
/** Runs `fn` with recording on, inside a `noGrad` (`torch.enable_grad`). */
export const enableGrad = <T>(fn: () => T): T => withGradMode(true, fn);
export const setGradEnabled = (enabled: boolean): void => native.setGradEnabled(enabled);
export const isGradEnabled = (): boolean => native.isGradEnabled();

/** Runs `fn` without autograd's bookkeeping at all (`torch.inference_mode`). */
export function inferenceMode<T>(fn: () => T): T {
  native.enterInferenceMode(true);
  return finallyDo(fn, () => native.leaveInferenceMode());
}
