import {
  Function as AutogradFunction,
  type FunctionContext,
  type GraphNode,
  isGradEnabled,
} from '../autograd';
import { TorchError } from '../errors';
import { Tensor } from '../tensor';
import type { Module } from './module';

/** One gradient for each input or output; null for what is not a tensor or has none. */
type Gradients = (Tensor | null)[];

/** Sees the gradients of a module's inputs and outputs; may return others for its inputs. */
export type BackwardHook = (
  module: Module,
  gradInput: Gradients,
  gradOutput: Gradients,
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing.
) => Gradients | void;

/** Sees the gradients of a module's outputs before they go through it; may return others. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook may return nothing.
export type BackwardPreHook = (module: Module, gradOutput: Gradients) => Gradients | void;

/** Passes tensors on: all of a module's inputs, or outputs, through one node of the graph. */
class BackwardHookFunction extends AutogradFunction {
  static forward(ctx: FunctionContext, ...tensors: Tensor[]): Tensor[] {
    ctx.markNonDifferentiable(...tensors.filter((tensor) => !tensor.requiresGrad));
    return tensors;
  }
  static backward(_: FunctionContext, ...gradients: Gradients): Gradients {
    return gradients;
  }
}

interface Marked {
  readonly values: unknown[];
  /** The places of the tensors among the values. */
  readonly places: number[];
  /** The node that they pass; null if nothing wants a gradient. */
  readonly node: GraphNode | null;
}

function mark(values: readonly unknown[]): Marked {
  const places = values.flatMap((value, i) => (value instanceof Tensor ? [i] : []));
  const tensors = places.map((place) => values[place] as Tensor);
  const marked = [...values];
  if (!isGradEnabled() || !tensors.some((tensor) => tensor.requiresGrad)) {
    return { values: marked, places, node: null };
  }
  const passed = BackwardHookFunction.apply(...tensors);
  places.forEach((place, i) => {
    marked[place] = passed[i];
  });
  const node = passed.find((tensor) => tensor.requiresGrad)?.gradFn ?? null;
  return { values: marked, places, node };
}

/** Gradients of the tensors among `count` values, in the values' places. */
function spread(gradients: Gradients, places: readonly number[], count: number): Gradients {
  const all: Gradients = new Array(count).fill(null);
  places.forEach((place, i) => {
    all[place] = gradients[i] ?? null;
  });
  return all;
}

function checkLength(given: Gradients, expected: Gradients, what: string, of: string): Gradients {
  if (given.length === expected.length) return given;
  throw new TorchError(
    `Backward ${what} returned an invalid number of ${of}, got ${given.length}, but expected ${expected.length}`,
    'RuntimeError',
  );
}

/**
 * Runs a module's `forward` so that its backward hooks see the gradients: its inputs pass one node of
 * the graph before it, its outputs one after it.
 */
export function withBackwardHooks(
  module: Module,
  hooks: readonly BackwardHook[],
  preHooks: readonly BackwardPreHook[],
  args: readonly unknown[],
  forward: (args: unknown[]) => unknown,
): unknown {
  const inputs = mark(args);
  const result = forward(inputs.values);
  const several = Array.isArray(result);
  const outputs = mark(several ? result : [result]);
  const count = outputs.values.length;
  let gradOutput: Gradients | null = null;

  inputs.node?.registerHook((gradients) => {
    // Without the outputs' gradients, these came past the module, as in a second backward.
    if (!gradOutput) return undefined;
    let gradInput = spread(gradients, inputs.places, args.length);
    for (const hook of hooks) {
      const replaced = hook(module, gradInput, gradOutput);
      if (replaced) gradInput = checkLength(replaced, gradInput, 'hook', 'grad_input');
    }
    gradOutput = null;
    return inputs.places.map((place) => gradInput[place]!);
  });

  outputs.node?.registerHook((_, gradients) => {
    let seen = spread(gradients, outputs.places, count);
    for (const hook of preHooks) {
      const replaced = hook(module, seen);
      if (replaced) seen = checkLength(replaced, seen, 'pre hook', 'grad_output');
    }
    if (inputs.node) gradOutput = seen;
    else {
      for (const hook of hooks) {
        const replaced = hook(module, new Array(args.length).fill(null), seen);
        if (replaced?.some((gradient) => gradient !== null)) {
          throw new TorchError(
            'Backward hook for Modules where no input requires gradient should always return None or None for all gradients.',
            'RuntimeError',
          );
        }
      }
    }
    return outputs.places.map((place) => seen[place]!);
  });
  return several ? outputs.values : outputs.values[0];
}
