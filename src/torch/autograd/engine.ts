import { type Args, type Bound, bind } from '../arguments';
import { lookUp } from '../dispatch';
import { TorchError } from '../errors';
import { native } from '../native';
import { Tensor } from '../tensor';
import { runEngine } from './callbacks';

/** Options of `Tensor.backward`. */
export interface BackwardOptions {
  /** Gradient of the result, of its shape; needed unless the result is a scalar. */
  gradient?: Tensor | null;
  /** Keep the graph for another backward. Default: `createGraph`. */
  retainGraph?: boolean;
  /** Record the backward itself, for higher derivatives. */
  createGraph?: boolean;
  /** Accumulate only into these tensors. */
  inputs?: Tensor | readonly Tensor[];
}

const zerosLike = lookUp('zeros_like');

type OneOrMore<T> = T | readonly T[];

const list = <T>(value: OneOrMore<T>): readonly T[] =>
  Array.isArray(value) ? value : [value as T];
const handles = (tensors: readonly Tensor[]) => tensors.map((tensor) => tensor.handle);

const isComplex = (tensor: Tensor) => tensor.dtype.startsWith('complex');
const size = (tensor: Tensor) => `torch.Size([${tensor.shape.join(', ')}])`;

/** Checks the gradients of the outputs as `torch.autograd._make_grads` does. */
function gradientsOf(
  outputs: readonly Tensor[],
  given: OneOrMore<Tensor | null> | null | undefined,
  op: string,
): (Tensor['handle'] | null)[] {
  if (given === null || given === undefined) return [];
  const gradients = list(given);
  const refuse = (message: string, code = 'RuntimeError') => new TorchError(message, code, op);
  if (gradients.length !== outputs.length) {
    throw refuse(
      `${op}(): got ${outputs.length} tensors and ${gradients.length} gradients`,
      'ValueError',
    );
  }
  outputs.forEach((output, i) => {
    const gradient = gradients[i]!;
    if (gradient === null) return;
    if (!(gradient instanceof Tensor)) {
      const type = typeof gradient;
      throw refuse(`gradients can be either Tensors or None, but got ${type}`, 'TypeError');
    }
    if (String(gradient.shape) !== String(output.shape)) {
      throw refuse(
        `Mismatch in shape: grad_output[${i}] has a shape of ${size(gradient)} and output[${i}] ` +
          `has a shape of ${size(output)}.`,
      );
    }
    if (isComplex(gradient) !== isComplex(output)) {
      throw refuse(
        'For complex Tensors, both grad_output and output are required to have the same dtype. ' +
          `Mismatch in dtype: grad_output[${i}] has a dtype of torch.${gradient.dtype} and ` +
          `output[${i}] has a dtype of torch.${output.dtype}.`,
      );
    }
  });
  return gradients.map((gradient) => gradient?.handle ?? null);
}

interface BackwardManyOptions {
  gradTensors?: OneOrMore<Tensor | null> | null;
  /** Keep the graph for another backward. Default: `createGraph`. */
  retainGraph?: boolean | null;
  createGraph?: boolean;
  /** @deprecated Use `gradTensors`. */
  gradVariables?: OneOrMore<Tensor | null> | null;
  /** Accumulate into the gradients of these leaves alone. */
  inputs?: OneOrMore<Tensor> | null;
}

/**
 * Adds the gradients of tensors to the `grad` of the leaves behind them (`torch.autograd.backward`).
 * `gradTensors` are the tensors' own gradients, needed for those that are not scalars. Throws
 * TorchError where one is missing or of another shape, and where the graph has been freed by an
 * earlier call; errors of a hook or a custom function are passed on unchanged.
 */
export function backward(
  ...args: Args<'backward', { tensors: OneOrMore<Tensor> }, BackwardManyOptions>
): void {
  const { tensors, createGraph, ...options } = bind<
    Bound<{ tensors: OneOrMore<Tensor> }, BackwardManyOptions>
  >('backward', args);
  const retainGraph = options.retainGraph ?? createGraph;
  const gradTensors = options.gradTensors ?? options.gradVariables;
  const outputs = list(tensors);
  const inputs = options.inputs && list(options.inputs);
  if (inputs?.length === 0) {
    throw new TorchError(
      '`inputs` argument to `backward()` cannot be empty.',
      'RuntimeError',
      'backward',
    );
  }
  const gradients = gradientsOf(outputs, gradTensors, 'backward');
  runEngine('backward', () =>
    native.backward(
      handles(outputs),
      gradients,
      retainGraph,
      createGraph,
      inputs ? handles(inputs) : null,
    ),
  );
}

interface GradNeeded {
  outputs: OneOrMore<Tensor>;
  inputs: OneOrMore<Tensor>;
}

export interface GradOptions {
  /** Gradients of the outputs, of their shapes; needed for those that are not scalars. */
  gradOutputs?: OneOrMore<Tensor | null> | null;
  /** Keep the graph for another backward. Default: `createGraph`. */
  retainGraph?: boolean | null;
  /** Record the backward itself, for higher derivatives. */
  createGraph?: boolean;
  /** @deprecated Without effect, as in Python. */
  onlyInputs?: boolean;
  /** Not supported. */
  isGradsBatched?: false;
  /** Give null for an input that the outputs don't depend on, where it would throw. */
  allowUnused?: boolean | null;
  /** Give zeros for an input that the outputs don't depend on. */
  materializeGrads?: boolean;
}

/**
 * Gradients of the sum of `outputs` with respect to each of `inputs` (`torch.autograd.grad`).
 * Nothing is accumulated into `.grad`. Throws as {@link backward} does, and where the outputs don't
 * depend on an input.
 */
export function grad(...args: Args<'grad', GradNeeded, GradOptions>): Tensor[] {
  const { outputs, inputs, gradOutputs, createGraph, materializeGrads, ...options } = bind<
    Bound<GradNeeded, GradOptions>
  >('grad', args);
  const retainGraph = options.retainGraph ?? createGraph;
  const allowUnused = options.allowUnused ?? materializeGrads;
  if (options.isGradsBatched) {
    throw new TorchError('is_grads_batched=True is not supported', 'NotImplementedError', 'grad');
  }
  if (materializeGrads && !allowUnused) {
    throw new TorchError(
      'Expected allow_unused to be True or not passed when materialize_grads=True, ' +
        'but got: allow_unused=False.',
      'ValueError',
      'grad',
    );
  }
  const from = list(outputs);
  const to = list(inputs);
  if (to.length === 0) {
    throw new TorchError('`inputs` argument to `grad()` cannot be empty.', 'RuntimeError', 'grad');
  }
  const gradients = gradientsOf(from, gradOutputs, 'grad');
  // Python's own words for an input that is not used: libtorch's differ.
  const results = runEngine('grad', () =>
    native.grad(handles(from), handles(to), gradients, retainGraph, createGraph, true),
  );
  return results.map((handle, i) => {
    if (handle) return new Tensor(handle);
    if (materializeGrads) return (zerosLike([to[i]!]) as Tensor).requiresGrad_(createGraph);
    if (allowUnused) return null;
    throw new TorchError(
      `The differentiated Tensor at index ${i} appears to not have been used in the graph. Set ` +
        'allow_unused=True if this is the desired behavior.',
      'RuntimeError',
      'grad',
    );
  }) as Tensor[];
}
