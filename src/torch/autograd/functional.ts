/** Derivatives of functions as tensors and products with them (`torch.autograd.functional`). */
import { type Args, type Bound, bind } from '../arguments';
import { lookUp } from '../dispatch';
import type { Tensor } from '../tensor';
import {
  asList,
  checkHistory,
  checkVector,
  type FunctionalOptions,
  failed,
  filled,
  finished,
  gradOf,
  type OneOrMore,
  prepared,
  type TensorFunction,
  zeros,
} from './jacobian-products';
import { enableGrad, isGradEnabled, noGrad } from './modes';

export type { FunctionalOptions, TensorFunction } from './jacobian-products';

const stack = lookUp('stack');
const outputName = 'outputs of the user-provided function';

/** One result for one tensor, a list for a list. */
type Like<Given extends OneOrMore> = Given extends Tensor ? Tensor : Tensor[];

const like = <Given extends OneOrMore>(results: Tensor[], given: Given): Like<Given> =>
  (Array.isArray(given) ? results : results[0]) as Like<Given>;

const withGrad = <T>(enabled: boolean, fn: () => T): T => (enabled ? enableGrad(fn) : noGrad(fn));

const vectorOf = (v: OneOrMore, op: string, createGraph: boolean) =>
  prepared(asList(v, 'v', op), createGraph, false);

/** Throws unless the inputs are one tensor of one element, whose vector is 1. */
function checkSingle(inputs: readonly Tensor[]): void {
  if (inputs.length === 1 && inputs[0]!.numel() === 1) return;
  throw failed(
    'The vector v can only be None if the input to the user-provided function is a single Tensor ' +
      'with a single element.',
  );
}

interface FunctionNeeded<Out extends OneOrMore, In> {
  func: TensorFunction<Out>;
  inputs: In;
}
interface VectorOptions extends FunctionalOptions {
  v?: OneOrMore | null;
}
interface JacobianOptions extends FunctionalOptions {
  /** Not supported. */
  vectorize?: false;
  strategy?: 'reverse-mode';
}
interface HessianOptions extends FunctionalOptions {
  /** Not supported. */
  vectorize?: false;
  outerJacobianStrategy?: 'reverse-mode';
}

function onlyReverse(op: string, vectorize: boolean, strategy: string): void {
  if (!vectorize && strategy === 'reverse-mode') return;
  throw failed(
    `${op}: vectorize=True and the strategy 'forward-mode' are not supported`,
    'NotImplementedError',
  );
}

/**
 * The function's output and the product of `v`, of the output's shape, with its Jacobian
 * (`torch.autograd.functional.vjp`). `v` may be left out for an output of one element. Throws
 * TorchError where `v` does not fit.
 */
export function vjp<Out extends OneOrMore, In extends OneOrMore>(
  ...args: Args<'vjp', FunctionNeeded<Out, In>, VectorOptions>
): [output: Like<Out>, vjp: Like<In>] {
  const { func, inputs, v, createGraph, strict } = bind<
    Bound<FunctionNeeded<Out, In>, VectorOptions>
  >('vjp', args);
  const options = { createGraph, strict };
  const recording = isGradEnabled();
  const [given, outputs, returned, vector] = enableGrad(() => {
    const given = prepared(asList(inputs, 'inputs', 'vjp'), createGraph, true);
    const returned = func(...given);
    const outputs = asList(returned, outputName, 'vjp');
    checkHistory(outputs, 'outputs', strict);
    if (!v && (outputs.length !== 1 || outputs[0]!.numel() !== 1)) {
      throw failed(
        'The vector v can only be None if the user-provided function returns a single Tensor ' +
          'with a single element.',
      );
    }
    const vector = v && vectorOf(v, 'vjp', createGraph);
    if (vector) checkVector(vector, outputs, Array.isArray(returned));
    return [given, outputs, returned, vector] as const;
  });
  const product = withGrad(createGraph || recording, () =>
    filled(gradOf(outputs, given, vector, { createGraph }), given, options, 'back'),
  );
  return [
    like(finished(outputs, createGraph), returned),
    like(finished(product, createGraph), inputs),
  ];
}

/**
 * The function's output and the product of its Jacobian with `v`, of the inputs' shape
 * (`torch.autograd.functional.jvp`), by differentiating twice. `v` may be left out for an input of one
 * element. Throws TorchError if `v` does not fit.
 */
export function jvp<Out extends OneOrMore, In extends OneOrMore>(
  ...args: Args<'jvp', FunctionNeeded<Out, In>, VectorOptions>
): [output: Like<Out>, jvp: Like<Out>] {
  const { func, inputs, v, createGraph, strict } = bind<
    Bound<FunctionNeeded<Out, In>, VectorOptions>
  >('jvp', args);
  const options = { createGraph, strict };
  const [outputs, returned, gradOutputs, gradInputs, vector] = enableGrad(() => {
    const given = prepared(asList(inputs, 'inputs', 'jvp'), createGraph, true);
    const vector = v && vectorOf(v, 'jvp', createGraph);
    if (vector) checkVector(vector, given, Array.isArray(inputs));
    else checkSingle(given);
    const returned = func(...given);
    const outputs = asList(returned, outputName, 'jvp');
    checkHistory(outputs, 'outputs', strict);
    // The backward is linear in these: their value is of no importance.
    const gradOutputs = outputs.map((output) => zeros(output).requiresGrad_());
    const gradInputs = gradOf(outputs, given, gradOutputs, { createGraph: true });
    checkHistory(gradInputs, 'gradInputs', strict);
    return [outputs, returned, gradOutputs, gradInputs, vector] as const;
  });
  const product = withGrad(createGraph || isGradEnabled(), () =>
    filled(gradOf(gradInputs, gradOutputs, vector, { createGraph }), outputs, options, 'backTrick'),
  );
  return [
    like(finished(outputs, createGraph), returned),
    like(finished(product, createGraph), returned),
  ];
}

/** By output, then by input; without the level of what is a single tensor. */
type ByOutputAndInput<Out extends OneOrMore, In extends OneOrMore> = Out extends Tensor
  ? Like<In>
  : Like<In>[];

/**
 * The Jacobian of a function (`torch.autograd.functional.jacobian`): for each output and input a tensor
 * of the output's shape followed by the input's. Throws TorchError if `strict` is broken.
 */
export function jacobian<Out extends OneOrMore, In extends OneOrMore>(
  ...args: Args<'jacobian', FunctionNeeded<Out, In>, JacobianOptions>
): ByOutputAndInput<Out, In> {
  const { func, inputs, createGraph, strict, vectorize, strategy } = bind<
    Bound<FunctionNeeded<Out, In>, JacobianOptions>
  >('jacobian', args);
  onlyReverse('jacobian', vectorize, strategy);
  return enableGrad(() => {
    const given = prepared(asList(inputs, 'inputs', 'jacobian'), createGraph, true);
    const returned = func(...given);
    const outputs = asList(returned, outputName, 'jacobian');
    checkHistory(outputs, 'outputs', strict);
    const blocks = outputs.map((output, i) => {
      const rows: Tensor[][] = given.map(() => []);
      for (let j = 0; j < output.numel(); j++) {
        const element = output.reshape([-1]).select(0, j);
        const gradients = gradOf([element], given, null, { retainGraph: true, createGraph });
        gradients.forEach((gradient, k) => {
          if (gradient && strict && createGraph && !gradient.requiresGrad) {
            throw failed(
              `The jacobian of the user-provided function is independent of input ${i}. This is ` +
                'not allowed in strict mode when create_graph=True.',
            );
          }
          if (!gradient && strict) {
            throw failed(
              `Output ${i} of the user-provided function is independent of input ${k}. This is ` +
                'not allowed in strict mode.',
            );
          }
          rows[k]!.push(gradient ?? zeros(given[k]!));
        });
      }
      const block = rows.map((row, k) => {
        const shape = [...output.shape, ...given[k]!.shape];
        if (row.length === 0) return output.newZeros(shape);
        return (stack([row, 0]) as Tensor).view(shape);
      });
      return like(finished(block, createGraph), inputs);
    });
    return (Array.isArray(returned) ? blocks : blocks[0]) as ByOutputAndInput<Out, In>;
  });
}

/** The function's only output, of one element; throws TorchError for any other. */
function scalarOutput(returned: unknown, op: string, strict: boolean): Tensor {
  const [output] = asList(returned, outputName, op);
  if (Array.isArray(returned) || !output) {
    throw failed(`The function given to ${op} should return a single Tensor`);
  }
  checkHistory([output], 'outputs', strict);
  if (output.numel() !== 1) {
    throw failed(
      `The Tensor returned by the function given to ${op} should contain a single element`,
    );
  }
  return output;
}

/**
 * The Hessian of a function of one element (`torch.autograd.functional.hessian`): for each pair of
 * inputs a tensor of the first one's shape followed by the second one's. Throws TorchError if the
 * function gives anything but one element.
 */
export function hessian<In extends OneOrMore>(
  ...args: Args<'hessian', FunctionNeeded<Tensor, In>, HessianOptions>
): In extends Tensor ? Tensor : Tensor[][] {
  const { func, inputs, strict, vectorize, outerJacobianStrategy, createGraph } = bind<
    Bound<FunctionNeeded<Tensor, In>, HessianOptions>
  >('hessian', args);
  const options = { createGraph, strict };
  onlyReverse('hessian', vectorize, outerJacobianStrategy);
  const list = asList(inputs, 'inputs', 'hessian');
  const gradient = (...given: Tensor[]): Tensor[] => {
    const single = (...args: Tensor[]) => scalarOutput(func(...args), 'hessian', strict).squeeze();
    const rows = jacobian(single, given, { createGraph: true });
    checkHistory(rows, 'jacobian', strict);
    return rows;
  };
  const blocks = jacobian(gradient, list, options) as Tensor[][];
  return (Array.isArray(inputs) ? blocks : blocks[0]![0]) as In extends Tensor
    ? Tensor
    : Tensor[][];
}

/** What {@link vhp} and {@link hvp} share: the output, its gradient, and the vector. */
function gradientAt(
  op: string,
  func: TensorFunction<Tensor>,
  inputs: OneOrMore,
  v: OneOrMore | null,
  { createGraph = false, strict = false }: FunctionalOptions,
) {
  const given = prepared(asList(inputs, 'inputs', op), createGraph, true);
  const vector = v && vectorOf(v, op, createGraph);
  if (vector) checkVector(vector, given, Array.isArray(inputs));
  else checkSingle(given);
  const output = scalarOutput(func(...given), op, strict);
  const gradients = gradOf([output], given, null, { createGraph: true });
  checkHistory(gradients, 'jacobian', strict);
  return { given, vector, output, gradients };
}

/**
 * The function's output, of one element, and the product of `v` with its Hessian
 * (`torch.autograd.functional.vhp`). Throws TorchError if `v` does not fit the inputs.
 */
export function vhp<In extends OneOrMore>(
  ...args: Args<'vhp', FunctionNeeded<Tensor, In>, VectorOptions>
): [output: Tensor, vhp: Like<In>] {
  const { func, inputs, v, createGraph, strict } = bind<
    Bound<FunctionNeeded<Tensor, In>, VectorOptions>
  >('vhp', args);
  const options = { createGraph, strict };
  const recording = isGradEnabled();
  const { given, vector, output, gradients } = enableGrad(() =>
    gradientAt('vhp', func, inputs, v, options),
  );
  const product = withGrad(createGraph || recording, () =>
    filled(gradOf(gradients, given, vector, { createGraph }), given, options, 'doubleBack'),
  );
  return [finished([output], createGraph)[0]!, like(finished(product, createGraph), inputs)];
}

/**
 * The function's output, of one element, and the product of its Hessian with `v`
 * (`torch.autograd.functional.hvp`), by differentiating three times: {@link vhp} is faster, and the same
 * for a function with continuous second derivatives. Throws TorchError if `v` does not fit.
 */
export function hvp<In extends OneOrMore>(
  ...args: Args<'hvp', FunctionNeeded<Tensor, In>, VectorOptions>
): [output: Tensor, hvp: Like<In>] {
  const { func, inputs, v, createGraph, strict } = bind<
    Bound<FunctionNeeded<Tensor, In>, VectorOptions>
  >('hvp', args);
  const options = { createGraph, strict };
  const recording = isGradEnabled();
  const { given, vector, output, gradVectors, doubled } = enableGrad(() => {
    const { gradients, ...rest } = gradientAt('hvp', func, inputs, v, options);
    const gradVectors = rest.given.map((input) => zeros(input).requiresGrad_());
    const doubled = gradOf(gradients, rest.given, gradVectors, { createGraph: true });
    return { ...rest, gradVectors, doubled };
  });
  const product = withGrad(createGraph || recording, () =>
    filled(
      gradOf(doubled, gradVectors, vector, { createGraph }),
      given,
      options,
      'doubleBackTrick',
    ),
  );
  return [finished([output], createGraph)[0]!, like(finished(product, createGraph), inputs)];
}
