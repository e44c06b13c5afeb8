import { lookUp } from '../dispatch';
import { TorchError } from '../errors';
import { Tensor } from '../tensor';
import { grad } from './engine';
import { Function as AutogradFunction } from './function';
import { isComplex, isFloating, numericalJacobian } from './numerical-jacobian';

/** The error of {@link gradcheck} and {@link gradgradcheck} (`torch.autograd.gradcheck.GradcheckError`). */
export class GradcheckError extends TorchError {
  constructor(message: string) {
    super(message, 'GradcheckError');
  }
}

export interface GradcheckOptions {
  /** By how much each element is changed. */
  eps?: number;
  atol?: number;
  rtol?: number;
  /** Give false in place of throwing where the check fails. */
  raiseException?: boolean;
  /** By how much two backwards of the same graph may differ. */
  nondetTol?: number;
  /** Check that results without gradient count as zeros. */
  checkUndefinedGrad?: boolean;
  /** Check that gradients have their inputs' dtypes. */
  checkGradDtypes?: boolean;
}

type Results = Tensor | readonly Tensor[];
type Checked = (...args: unknown[]) => Results;

const asList = (results: Results): Tensor[] =>
  results instanceof Tensor ? [results] : [...results];
const differentiable = (results: Results) => asList(results).filter((o) => o.requiresGrad);
const leaves = (inputs: readonly unknown[]): Tensor[] =>
  inputs.filter((input): input is Tensor => input instanceof Tensor && input.requiresGrad);

const zerosLike = lookUp('zeros_like');
const zeros = (tensor: Tensor) => (zerosLike([tensor]) as Tensor).contiguous();
const resultType = lookUp('result_type', ['Tensor']);
const realPart = lookUp('real');
const imaginaryPart = lookUp('imag');

function checkInputs(inputs: readonly unknown[]): void {
  inputs.forEach((input, i) => {
    if (!(input instanceof Tensor) || !input.requiresGrad) return;
    if (input.layout !== 'strided') {
      throw new TorchError('gradcheck takes strided inputs only', 'ValueError');
    }
    if (input.dtype !== 'float64' && input.dtype !== 'complex128') {
      process.emitWarning(
        `Input #${i} requires gradient and is not a double precision floating point or complex. ` +
          'This check will likely fail if all the inputs are not of double precision floating ' +
          'point or complex. ',
        'TorchWarning',
      );
    }
    const { shape } = input;
    if (!input.stride().every((step, dim) => step > 0 || shape[dim]! <= 1)) {
      throw new TorchError(
        `The ${i}th input has a dimension with stride 0. gradcheck only supports inputs that are ` +
          'non-overlapping to be able to compute the numerical gradients correctly. You should ' +
          'call .contiguous on the input before passing it to gradcheck.',
        'RuntimeError',
      );
    }
  });
  if (leaves(inputs).length === 0) {
    throw new TorchError(
      'gradcheck expects at least one input tensor to require gradient, but none of them have ' +
        'requires_grad=True.',
      'ValueError',
    );
  }
}

function checkOutputs(outputs: readonly Tensor[]): void {
  if (outputs.every((output) => output.layout === 'strided')) return;
  throw new TorchError(
    'Sparse output is not supported at gradcheck yet. Please call to_dense(masked_grad=...) on the ' +
      'output of fn for gradcheck.',
    'ValueError',
  );
}

/** The Jacobians of one output by backward, one for each input, and whether they fit their inputs. */
function backwardJacobians(inputs: readonly Tensor[], output: Tensor) {
  const jacobians = inputs.map((input) => input.newZeros([input.numel(), output.numel()]));
  let sizesFit = true;
  let typesFit = true;
  const base = zeros(output.detach());
  const flat = base.view([-1]);
  const cloned = output.clone();
  for (let column = 0; column < flat.numel(); column++) {
    flat.zero_();
    flat.select(0, column).fill_(1);
    const gradients = grad(cloned, inputs, {
      gradOutputs: base,
      retainGraph: true,
      allowUnused: true,
    }) as (Tensor | null)[];
    gradients.forEach((gradient, i) => {
      if (!gradient) return;
      const input = inputs[i]!;
      if (String(gradient.shape) !== String(input.shape)) sizesFit = false;
      else if (gradient.dtype !== input.dtype) typesFit = false;
      if (gradient.numel() !== input.numel()) {
        throw new TorchError(
          `Expected out_jacobian column to have ${gradient.numel()} elements, but got ${input.numel()}`,
          'AssertionError',
        );
      }
      jacobians[i]!.select(1, column).copy_(gradient.detach().toDense().reshape([-1]));
    });
  }
  return { jacobians, sizesFit, typesFit };
}

const nondeterministic = (tolerance: number) =>
  'Backward is not reentrant, i.e., running backward with same input and grad_output multiple times ' +
  'gives different values, although analytical gradient matches numerical gradient.' +
  `The tolerance for nondeterminism was ${Number.isInteger(tolerance) ? tolerance.toFixed(1) : tolerance}.`;

function analyticalJacobians(
  inputs: readonly Tensor[],
  output: Tensor,
  nondetTol: number,
  checkGradDtypes: boolean,
): Tensor[] {
  const first = backwardJacobians(inputs, output);
  const second = backwardJacobians(inputs, output);
  const same = first.jacobians.every((jacobian, i) => {
    if (jacobian.numel() === 0) return true;
    return jacobian.sub(second.jacobians[i]!).abs().max().item() <= nondetTol;
  });
  if (!first.typesFit && checkGradDtypes) throw new GradcheckError('Gradient has dtype mismatch');
  if (!first.sizesFit) throw new GradcheckError('Analytical gradient has incorrect size');
  if (!same) throw new GradcheckError(nondeterministic(nondetTol));
  return first.jacobians;
}

function isClose(a: Tensor, b: Tensor, rtol: number, atol: number): boolean {
  const dtype = resultType([a, b]) as Tensor['dtype'];
  return a.type(dtype).allclose(b.type(dtype), rtol, atol);
}

type Settings = Required<GradcheckOptions>;

/** Compares the Jacobians of a function by differences and by backward, element by element. */
function compare(
  func: Checked,
  results: Results,
  inputs: readonly unknown[],
  { eps, atol, rtol, nondetTol, checkGradDtypes }: Settings,
  complex: { outputs: ReadonlySet<number>; part: 'real' | 'imaginary' } | null,
): void {
  const all = asList(results);
  const run = () => asList(func(...inputs));
  const wanted = leaves(inputs);
  // By input, then by output of a floating dtype.
  const numerical = wanted.map((input) => numericalJacobian(run, input, all, eps));
  const outputs = differentiable(all);
  if (outputs.length === 0) {
    for (const jacobian of numerical.flat()) {
      if (jacobian.ne(0).any().item()) {
        throw new GradcheckError('Numerical gradient for function expected to be zero');
      }
    }
    return;
  }
  const places = all.filter(isFloating).flatMap((output, i) => (output.requiresGrad ? [i] : []));
  outputs.forEach((output, i) => {
    const analytical = analyticalJacobians(wanted, output, nondetTol, checkGradDtypes);
    analytical.forEach((a, j) => {
      const n = numerical[j]![places[i]!]!;
      if (isClose(a, n, rtol, atol)) return;
      const prefix = complex?.outputs.has(i)
        ? `While considering the ${complex.part} part of complex outputs only, `
        : '';
      throw new GradcheckError(
        `${prefix}Jacobian mismatch for output ${i} with respect to input ${j},\n` +
          `numerical:${n}\nanalytical:${a}\n`,
      );
    });
  });
}

/** Where outputs are complex, their imaginary and their real parts are checked one after the other. */
function compareParts(
  func: Checked,
  results: Results,
  inputs: readonly unknown[],
  settings: Settings,
): void {
  if (!asList(results).some(isComplex)) {
    compare(func, results, inputs, settings, null);
    return;
  }
  const outputs = new Set(
    differentiable(results).flatMap((output, i) => (isComplex(output) ? [i] : [])),
  );
  const parts = [
    ['imaginary', imaginaryPart],
    ['real', realPart],
  ] as const;
  for (const [part, take] of parts) {
    const taken: Checked = (...args) =>
      asList(func(...args)).map((o) => (isComplex(o) ? (take([o]) as Tensor) : o));
    compare(taken, taken(...inputs), inputs, settings, { outputs, part });
  }
}

function checkMultiplied(outputs: readonly Tensor[], inputs: readonly Tensor[]): void {
  if (outputs.length === 0) return;
  const gradients = grad(outputs, inputs, {
    gradOutputs: outputs.map((output) => zeros(output.detach())),
    allowUnused: true,
  }) as (Tensor | null)[];
  gradients.forEach((gradient, i) => {
    if (!gradient) return;
    const dense = gradient.toDense();
    if (!dense.eq(0).all().item()) {
      throw new GradcheckError('backward not multiplied by grad_output');
    }
    if (dense.dtype !== inputs[i]!.dtype) throw new GradcheckError('grad is incorrect type');
    if (String(dense.shape) !== String(inputs[i]!.shape)) {
      throw new GradcheckError('grad is incorrect size');
    }
  });
}

/** Passes a tensor on, and no gradient back. */
class UndefinedGrad extends AutogradFunction {
  static forward(_ctx: unknown, x: Tensor): Tensor {
    return x.viewAs(x);
  }
  static backward(): null {
    return null;
  }
}

const notes =
  'Please look at "Notes about undefined output gradients" in "tools/autograd/derivatives.yaml"';

function checkUndefined(func: Checked, inputs: readonly unknown[]): void {
  const run = () => differentiable(func(...inputs));
  const all = run();
  if (all.length === 0) return;
  const cases = [all.map((output) => UndefinedGrad.apply(output))];
  if (all.length > 1) {
    for (let i = 0; i < all.length; i++) {
      cases.push(run().map((output, j) => (i === j ? UndefinedGrad.apply(output) : output)));
    }
  }
  for (const outputs of cases) {
    let gradients: (Tensor | null)[];
    try {
      gradients = grad(outputs, leaves(inputs), {
        gradOutputs: outputs.map((output) => zeros(output.detach())),
        allowUnused: true,
      });
    } catch (error) {
      const failure = new GradcheckError(
        `Expected backward function to handle undefined output grads. ${notes}`,
      );
      failure.cause = error;
      throw failure;
    }
    if (gradients.some((gradient) => gradient && !gradient.eq(0).all().item())) {
      throw new GradcheckError(
        'Expected all input grads to be undefined or zero when all output grads are undefined or ' +
          `zero. ${notes}`,
      );
    }
  }
}

const defaults: Settings = {
  eps: 1e-6,
  atol: 1e-5,
  rtol: 1e-3,
  raiseException: true,
  nondetTol: 0,
  checkUndefinedGrad: true,
  checkGradDtypes: false,
};

function check(func: Checked, inputs: readonly unknown[], options: GradcheckOptions): boolean {
  const settings = { ...defaults, ...options };
  try {
    checkInputs(inputs);
    const results = func(...inputs);
    const outputs = differentiable(results);
    checkOutputs(outputs);
    compareParts(func, results, inputs, settings);
    checkMultiplied(outputs, leaves(inputs));
    if (settings.checkUndefinedGrad) checkUndefined(func, inputs);
    return true;
  } catch (error) {
    if (error instanceof GradcheckError && !settings.raiseException) return false;
    throw error;
  }
}

/**
 * Compares the gradients that backward gives with small differences, for each element of each input
 * that requires them (`torch.autograd.gradcheck`, its slow mode for strided tensors). The inputs
 * should be float64 or complex128. Returns true, or throws GradcheckError with both Jacobians.
 *
 * @example
 * torch.autograd.gradcheck((x, y) => x.mul(y).sin(), [x, y]);
 */
export function gradcheck<Args extends unknown[]>(
  func: (...args: Args) => Results,
  inputs: readonly [...Args],
  options?: GradcheckOptions,
): boolean;
export function gradcheck(
  func: (input: Tensor) => Results,
  input: Tensor,
  options?: GradcheckOptions,
): boolean;
export function gradcheck(
  func: (...args: never[]) => Results,
  inputs: Tensor | readonly unknown[],
  options: GradcheckOptions = {},
): boolean {
  return check(func as Checked, inputs instanceof Tensor ? [inputs] : inputs, options);
}

export interface GradgradcheckOptions extends GradcheckOptions {
  /** Gradients of the outputs; drawn at random from [-1, 1) where they are left out. */
  gradOutputs?: Tensor | readonly Tensor[];
}

/**
 * Compares the gradients of gradients with small differences (`torch.autograd.gradgradcheck`); see
 * {@link gradcheck}.
 */
export function gradgradcheck<Args extends unknown[]>(
  func: (...args: Args) => Results,
  inputs: readonly [...Args],
  options?: GradgradcheckOptions,
): boolean;
export function gradgradcheck(
  func: (input: Tensor) => Results,
  input: Tensor,
  options?: GradgradcheckOptions,
): boolean;
export function gradgradcheck(
  func: (...args: never[]) => Results,
  inputs: Tensor | readonly unknown[],
  { gradOutputs, ...options }: GradgradcheckOptions = {},
): boolean {
  const run = func as Checked;
  const given: readonly unknown[] = inputs instanceof Tensor ? [inputs] : inputs;
  const gradients = gradOutputs
    ? asList(gradOutputs)
    : differentiable(run(...given)).map((output) => {
        const drawn = output.detach().newEmpty(output.shape);
        if (isComplex(drawn)) viewAsReal(drawn).uniform_(-1, 1);
        else drawn.uniform_(-1, 1);
        return drawn.requiresGrad_();
      });
  const wanted = new Set(given.flatMap((input, i) => (leaves([input]).length > 0 ? [i] : [])));
  const first = (...args: unknown[]) => {
    const own = args.slice(0, given.length);
    const outputs = differentiable(run(...own));
    const results: (Tensor | null)[] = grad(
      outputs,
      own.filter((_, i) => wanted.has(i)) as Tensor[],
      { gradOutputs: args.slice(given.length) as Tensor[], createGraph: true, allowUnused: true },
    );
    return results.filter((result) => result !== null);
  };
  return check(first, [...given, ...gradients], options);
}

const viewAsReal = (tensor: Tensor) => lookUp('view_as_real')([tensor]) as Tensor;
