import { TorchError } from '../errors';
import { type Handle, native } from '../native';
import { Tensor } from '../tensor';
import { callback } from './callbacks';
import { noGrad } from './modes';

/** What `forward` leaves for `backward`, its argument `ctx` (`torch.autograd.function.FunctionCtx`). */
export class FunctionContext {
  /** Which of `forward`'s arguments want a gradient. */
  readonly needsInputGrad: readonly boolean[];
  #saved: readonly (Tensor | null)[] = [];
  #dirty: readonly Tensor[] = [];
  #nonDifferentiable: readonly Tensor[] = [];
  #materialize = true;
  #node: Handle | null = null;

  /** @internal */
  constructor(needsInputGrad: readonly boolean[]) {
    this.needsInputGrad = needsInputGrad;
  }

  /**
   * Keeps arguments or results of `forward` for {@link savedTensors}, null if one is not needed.
   * Other tensors and plain values may be kept as properties of the context.
   */
  saveForBackward(...tensors: (Tensor | null)[]): void {
    this.#saved = tensors;
  }

  /**
   * The tensors given to {@link saveForBackward}, null if null was given. Throws TorchError if
   * one was changed in place since, and where the graph has been freed.
   */
  get savedTensors(): Tensor[] {
    if (!this.#node) return this.#saved as Tensor[];
    return native
      .savedTensors(this.#node)
      .map((handle) => handle && new Tensor(handle)) as Tensor[];
  }

  /** Says that `forward` changes arguments in place; each must be among its results. */
  markDirty(...tensors: Tensor[]): void {
    this.#dirty = tensors;
  }

  /** Says that results have no gradient. */
  markNonDifferentiable(...tensors: Tensor[]): void {
    this.#nonDifferentiable = tensors;
  }

  /** Whether `backward` gets zeros for a result without gradient, as it does by default, or null. */
  setMaterializeGrads(value: boolean): void {
    this.#materialize = value;
  }

  /** Makes the outputs part of the graph. @internal */
  finish(
    node: Handle | null,
    inputs: readonly Tensor[],
    outputs: readonly unknown[],
    hasSetup: boolean,
  ): unknown[] {
    const handles = (tensors: readonly (Tensor | null)[]) =>
      tensors.map((tensor) => tensor?.handle ?? null);
    const wrapped = native.wrapOutputs(
      node,
      handles(inputs),
      outputs.map((output) => (output instanceof Tensor ? output.handle : null)),
      handles(this.#nonDifferentiable),
      handles(this.#dirty),
      handles(this.#saved),
      this.#materialize,
      hasSetup,
    );
    this.#node = wrapped.node;
    this.#saved = [];
    this.#dirty = [];
    this.#nonDifferentiable = [];
    return outputs.map((output, i) => {
      const handle = wrapped.outputs[i];
      return handle ? new Tensor(handle) : output;
    });
  }
}

/** The arguments of `apply`: `forward`'s, without its context where it has one. */
export type ApplyArguments<Class extends { forward: (...args: never) => unknown }> = Class extends {
  setupContext: (...args: never) => unknown;
}
  ? Parameters<Class['forward']>
  : Class['forward'] extends (ctx: never, ...args: infer Args) => unknown
    ? Args
    : never;

/** What `vmap` tells a function of its batch. */
export interface VmapInfo {
  readonly batchSize: number;
  readonly randomness: string;
}

/** @internal */
export interface FunctionClass {
  readonly name: string;
  readonly generateVmapRule?: boolean;
  vmap?(info: VmapInfo, inDims: (number | null)[], ...args: unknown[]): unknown;
  forward?(...args: unknown[]): unknown;
  setupContext?(ctx: FunctionContext, inputs: unknown[], output: unknown): void;
  backward?(ctx: FunctionContext, ...gradients: (Tensor | null)[]): unknown;
}

/** The function that libtorch calls for a node's backward: gradients of the tensors among `inputs`. */
function backwardOf(fn: FunctionClass, ctx: FunctionContext, isTensor: readonly boolean[]) {
  return callback((handles: (Handle | null)[]): (Handle | null)[] => {
    if (!fn.backward) {
      throw new TorchError(
        'You must implement either the backward or vjp method for your custom autograd.Function ' +
          'to use it with backward mode AD.',
        'NotImplementedError',
      );
    }
    const result = fn.backward(ctx, ...handles.map((handle) => handle && new Tensor(handle)));
    if (result instanceof Promise) return result as never;
    const given: unknown[] = Array.isArray(result) ? result : [result];
    const gradients = given.map((gradient) => gradient ?? null);
    const name = `${fn.name}Backward`;
    while (gradients.length > isTensor.length && gradients.at(-1) === null) gradients.pop();
    if (gradients.length !== isTensor.length) {
      throw new TorchError(
        `function ${name} returned an incorrect number of gradients (expected ` +
          `${isTensor.length}, got ${given.length})`,
        'RuntimeError',
      );
    }
    gradients.forEach((gradient, i) => {
      if (gradient === null) return;
      if (!isTensor[i]) {
        throw new TorchError(
          `function ${name} returned a gradient different than None at position ${i + 1}, but the ` +
            'corresponding forward input was not a Variable',
          'RuntimeError',
        );
      }
      if (!(gradient instanceof Tensor)) {
        throw new TorchError(`expected Variable or None (got ${typeof gradient})`, 'TypeError');
      }
    });
    return gradients
      .filter((_, i) => isTensor[i])
      .map((gradient) => (gradient as Tensor | null)?.handle ?? null);
  });
}

/**
 * An operation with a backward of its own (`torch.autograd.Function`). Derive from it, with two static
 * functions: `forward(ctx, …args)` computes the result, one tensor or an array of them, unrecorded;
 * `backward(ctx, …gradients)` gets the gradient of each result and returns that of each argument of
 * `forward`, null for one that has none. What `backward` computes is recorded under `createGraph`, so
 * that it has derivatives too. As in PyTorch, `forward` may leave the context to a third function
 * `setupContext(ctx, inputs, output)`. Run it with `apply`.
 *
 * Inside the transforms of `torch.func` a function must have `setupContext`, and for `vmap` either `static
 * generateVmapRule = true`, which maps what it is written with, or a function `vmap(info, inDims, …args)` that gives the
 * results of a whole batch and the batch's dimension in each: `[output, outDims]`. It has no forward-mode derivative.
 *
 * @example
 * class Exp extends torch.autograd.Function {
 *   static forward(ctx: FunctionContext, x: Tensor) {
 *     const y = x.exp();
 *     ctx.saveForBackward(y);
 *     return y;
 *   }
 *   static backward(ctx: FunctionContext, gradient: Tensor) {
 *     const [y] = ctx.savedTensors;
 *     return gradient.mul(y);
 *   }
 * }
 * const y = Exp.apply(x);
 */
// biome-ignore lint/complexity/noStaticOnlyClass: it is derived from, as PyTorch's is.
abstract class CustomFunction {
  /**
   * Runs `forward` and makes its results part of the graph. Throws TorchError if `forward` or
   * `backward` breaks a rule, and whatever they throw.
   */
  static apply<Class extends { forward: (...args: never) => unknown }>(
    this: Class,
    ...args: ApplyArguments<Class>
  ): ReturnType<Class['forward']> {
    // biome-ignore lint/complexity/noThisInStatic: the class that derives from this one.
    return applyFunction(this as unknown as FunctionClass, args) as ReturnType<Class['forward']>;
  }
}

/** How functions run inside transforms, which torch.func knows. @internal */
export const inTransforms: { apply?: (fn: FunctionClass, args: unknown[]) => unknown } = {};

function applyFunction(fn: FunctionClass, args: unknown[]): unknown {
  if (inTransforms.apply && native.currentTransform()) return inTransforms.apply(fn, args);
  return runFunction(fn, args);
}

/** Runs a function outside of all transforms, or at the level of one. @internal */
export function runFunction(fn: FunctionClass, args: unknown[]): unknown {
  if (!fn.forward) {
    throw new TorchError(
      'You must implement the forward function for custom autograd.Function.',
      'NotImplementedError',
    );
  }
  const isTensor = args.map((arg) => arg instanceof Tensor);
  const inputs = args.filter((arg) => arg instanceof Tensor);
  const ctx = new FunctionContext(args.map((arg) => arg instanceof Tensor && arg.requiresGrad));
  const records = native.isGradEnabled() && ctx.needsInputGrad.includes(true);
  const node = records
    ? native.makeFunctionNode(
        `${fn.name}Backward`,
        inputs.map((input) => input.handle),
        backwardOf(fn, ctx, isTensor),
      )
    : null;
  const result = noGrad(() => {
    if (!fn.setupContext) return fn.forward!(ctx, ...args);
    const output = fn.forward!(...args);
    fn.setupContext(ctx, args, output);
    return output;
  });
  if (result instanceof Promise) {
    throw new TorchError('forward must not be async', 'TypeError', fn.name);
  }
  const several = Array.isArray(result);
  const outputs: unknown[] = several ? result : [result];
  try {
    const finished = ctx.finish(node, inputs, outputs, fn.setupContext !== undefined);
    return several ? finished : finished[0];
  } catch (error) {
    // What a function lacks, PyTorch says without its name.
    const lacks = (error as { code?: string }).code === 'NotImplementedError';
    throw TorchError.from(error, lacks ? undefined : fn.name);
  }
}

export { CustomFunction as Function };
