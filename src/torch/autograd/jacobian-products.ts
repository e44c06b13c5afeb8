import { lookUp } from '../dispatch';
import { TorchError } from '../errors';
import { Tensor } from '../tensor';
import { grad } from './engine';

export type OneOrMore = Tensor | readonly Tensor[];

/** A function of tensors, as the functions of this folder take it. */
export type TensorFunction<Out extends OneOrMore> = (...inputs: Tensor[]) => Out;

export interface FunctionalOptions {
  /** Record the computation, so that the results can be differentiated. */
  createGraph?: boolean;
  /** Throw where a result does not depend on an input, in place of zeros for it. */
  strict?: boolean;
}

export const failed = (message: string, code = 'RuntimeError') => new TorchError(message, code);

const zerosLike = lookUp('zeros_like');
export const zeros = (tensor: Tensor) => zerosLike([tensor]) as Tensor;

const size = (tensor: Tensor) => `torch.Size([${tensor.shape.join(', ')}])`;

/** One tensor as a list of one; throws TorchError for anything but tensors. */
export function asList(given: unknown, what: string, op: string): readonly Tensor[] {
  const several = Array.isArray(given);
  const list: unknown[] = several ? given : [given];
  list.forEach((item, i) => {
    if (item instanceof Tensor) return;
    const found = several
      ? `value at index ${i} has type ${typeof item}.`
      : `given ${what} has type ${typeof item}.`;
    throw failed(
      `The ${what} given to ${op} must be either a Tensor or a tuple of Tensors but the ${found}`,
      'TypeError',
    );
  });
  return list as Tensor[];
}

/**
 * The inputs as the function gets them: objects of their own, so that the same tensor used inside
 * the function by other ways is told apart.
 */
export function prepared(
  inputs: readonly Tensor[],
  createGraph: boolean,
  needGraph: boolean,
): Tensor[] {
  return inputs.map((input) => {
    if (!createGraph || !input.requiresGrad) return input.detach().requiresGrad_(needGraph);
    return input.layout === 'strided' ? input.viewAs(input) : input.clone();
  });
}

/** Results as the caller gets them: without history unless it was asked for. */
export const finished = (results: readonly Tensor[], createGraph: boolean): Tensor[] =>
  createGraph ? [...results] : results.map((result) => result.detach());

export function checkVector(
  v: readonly Tensor[],
  other: readonly Tensor[],
  several: boolean,
): void {
  if (other.length !== v.length) {
    throw failed(
      several
        ? `v is a tuple of invalid length: should be ${other.length} but got ${v.length}.`
        : 'The given v should contain a single Tensor.',
    );
  }
  v.forEach((entry, i) => {
    if (String(entry.shape) === String(other[i]!.shape)) return;
    throw failed(
      `${several ? `Entry ${i} in ` : ''}v has invalid size: should be ${size(other[i]!)} but got ` +
        `${size(entry)}.`,
    );
  });
}

const independent = {
  outputs: (i: number) =>
    `Output ${i} of the user-provided function does not require gradients. The outputs must be ` +
    'computed in a differentiable manner from the input when running in strict mode.',
  gradInputs: (i: number) =>
    `The gradient with respect to input ${i} is independent of the inputs of the user-provided ` +
    'function. This is not allowed in strict mode.',
  jacobian: (i: number) =>
    'While computing the hessian, found that the jacobian of the user-provided function with ' +
    `respect to input ${i} is independent of the input. This is not allowed in strict mode. You ` +
    'should ensure that your function is twice differentiable and that the jacobian depends on ' +
    'the inputs (this would be violated by a linear function for example).',
};

/** In strict mode, throws where one of the tensors has no history. */
export function checkHistory(
  tensors: readonly (Tensor | null)[],
  kind: keyof typeof independent,
  strict: boolean,
): void {
  if (!strict) return;
  tensors.forEach((tensor, i) => {
    if (tensor?.requiresGrad) return;
    throw failed(
      tensor
        ? independent[kind](i)
        : `The output of the user-provided function is independent of input ${i}. This is not ` +
            'allowed in strict mode.',
    );
  });
}

/** `grad` for outputs some of which may be missing or have no history. */
export function gradOf(
  outputs: readonly (Tensor | null)[],
  inputs: readonly Tensor[],
  gradOutputs: readonly Tensor[] | null,
  options: { createGraph?: boolean; retainGraph?: boolean },
): (Tensor | null)[] {
  const kept = outputs.flatMap((output, i) => (output?.requiresGrad ? [{ output, i }] : []));
  if (kept.length === 0) return inputs.map(() => null);
  return grad(
    kept.map(({ output }) => output),
    inputs,
    {
      ...options,
      allowUnused: true,
      gradOutputs: gradOutputs && kept.map(({ i }) => gradOutputs[i]!),
    },
  );
}

const missing = {
  back: (i: number) =>
    `The output of the user-provided function is independent of input ${i}. This is not allowed ` +
    'in strict mode.',
  backTrick: (i: number) =>
    `The gradient with respect to the input is independent of entry ${i} in the grad_outputs when ` +
    'using the double backward trick to compute forward mode gradients. This is not allowed in ' +
    'strict mode.',
  doubleBack: (i: number) =>
    `The jacobian of the user-provided function is independent of input ${i}. This is not allowed ` +
    'in strict mode.',
  doubleBackTrick: (i: number) =>
    `The hessian of the user-provided function is independent of entry ${i} in the grad_jacobian. ` +
    'This is not allowed in strict mode as it prevents from using the double backward trick to ' +
    'replace forward mode AD.',
};

/** Gradients with zeros in place of those that are missing, which strict mode does not allow. */
export function filled(
  gradients: readonly (Tensor | null)[],
  like: readonly Tensor[],
  { createGraph = false, strict = false }: FunctionalOptions,
  stage: keyof typeof missing,
): Tensor[] {
  return gradients.map((gradient, i) => {
    if (!gradient) {
      if (strict) throw failed(missing[stage](i));
      return zeros(like[i]!);
    }
    if (strict && createGraph && !gradient.requiresGrad) {
      const what = stage.startsWith('double') ? 'hessian' : 'jacobian';
      throw failed(
        `The ${what} of the user-provided function is independent of input ${i}. This is not ` +
          'allowed in strict mode when create_graph=True.',
      );
    }
    return gradient;
  });
}
