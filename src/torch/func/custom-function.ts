import {
  type FunctionClass,
  type FunctionContext,
  inTransforms,
  runFunction,
} from '../autograd/function';
import { enableGrad, noGrad } from '../autograd/modes';
import { TorchError } from '../errors';
import { native } from '../native';
import { Tensor } from '../tensor';
import { transformed, vmap } from './vmap';

/** Custom functions inside transforms (`torch._functorch.autograd_function`). */

type Dim = number | null;
type Transform = NonNullable<ReturnType<typeof native.currentTransform>>;

const fail = (message: string) => new TorchError(message, 'RuntimeError');
const more = 'For more details, please see https://pytorch.org/docs/main/notes/extending.func.html';

/** Runs outside of the innermost transform, in the mode that was around it. */
function lowered<T>({ kind, mode }: Transform, run: () => T): T {
  native.popTransform();
  const before = kind === 'jvp' && !mode ? native.setForwardGradEnabled(false) : null;
  try {
    return kind === 'grad' && !mode ? noGrad(run) : run();
  } finally {
    if (before !== null) native.setForwardGradEnabled(before);
    native.pushTransform();
  }
}

/** Results as they are in the transform: what is an input comes as that. */
function wrapped(
  result: unknown,
  inner: readonly unknown[],
  outer: readonly unknown[],
  wrap: (output: Tensor, place: number) => Tensor,
): unknown {
  const one = (output: unknown, place: number) => {
    if (!(output instanceof Tensor)) return output;
    const same = inner.findIndex((input) => input instanceof Tensor && input.is(output));
    return same >= 0 ? outer[same] : wrap(output, place);
  };
  return Array.isArray(result) ? result.map(one) : one(result, 0);
}

/** A function inside whatever transforms there are. */
function call(fn: FunctionClass, args: unknown[]): unknown {
  const transform = native.currentTransform();
  if (!transform) return runFunction(fn, args);
  return transform.kind === 'vmap'
    ? mapped(transform, fn, args)
    : differentiated(transform, fn, args);
}

/** At the level of a transform that differentiates the function is one of its own, whose forward runs outside of it. */
function differentiated(transform: Transform, fn: FunctionClass, args: unknown[]): unknown {
  const { level } = transform;
  const own: FunctionClass = {
    name: `${fn.name}Generated`,
    forward(...operands) {
      const inner = operands.map((each) =>
        each instanceof Tensor ? new Tensor(native.unwrapForGrad(each.handle, level)) : each,
      );
      const before = native.setForwardGradEnabled(true);
      try {
        const result = enableGrad(() => lowered(transform, () => call(fn, inner)));
        return wrapped(
          result,
          inner,
          operands,
          (output) => new Tensor(native.wrapForGrad(output.handle, level)),
        );
      } finally {
        native.setForwardGradEnabled(before);
      }
    },
    setupContext: (ctx, inputs, output) => fn.setupContext!(ctx, inputs, output),
    ...(fn.backward && { backward: (ctx, ...gradients) => fn.backward!(ctx, ...gradients) }),
  };
  return runFunction(own, args);
}

/** A tensor's value and dimension at a level of vmap; itself and null where it has none there. */
function unbatched(value: unknown, level: number): [unknown, Dim] {
  if (!(value instanceof Tensor)) return [value, null];
  const wrapper = native.wrapperOf(value.handle);
  if (wrapper?.[0] !== 'batched' || wrapper[1] !== level) return [value, null];
  return [new Tensor(wrapper[3]), wrapper[2]];
}
const batched = (value: unknown, dim: Dim, level: number): unknown =>
  value instanceof Tensor && dim !== null
    ? new Tensor(native.addBatchDim(value.handle, dim, level))
    : value;

function mapped(transform: Transform, fn: FunctionClass, args: unknown[]): unknown {
  const { level, batchSize, randomness } = transform;
  const [values, dims] = parted(args.map((arg) => unbatched(arg, level)));
  if (fn.generateVmapRule) {
    if (fn.vmap) {
      throw fail(
        `You tried to vmap over ${fn.name}, but it has both generate_vmap_rule=True and an overridden vmap staticmethod. Please set generate_vmap_rule=False or delete the overridden vmap staticmethod to avoid ambiguity. ${more}`,
      );
    }
    const rule = new Vmapped(fn, dims, batchSize, randomness);
    const result = lowered(transform, () => call(rule.class, values));
    const wrap = (output: unknown, place: number) => batched(output, rule.outDims[place]!, level);
    return Array.isArray(result) ? result.map(wrap) : wrap(result, 0);
  }
  if (!fn.vmap) {
    throw fail(
      `You tried to vmap over ${fn.name}, but it does not have vmap support. Please override and implement the vmap staticmethod or set generate_vmap_rule=True. ${more}`,
    );
  }
  if (dims.every((dim) => dim === null)) return lowered(transform, () => call(fn, args));
  const given = lowered(transform, () => fn.vmap!({ batchSize, randomness }, dims, ...values));
  const expected =
    'Expected the vmap staticmethod to have two returns, an output and out_dims with pytree structure compatible with the output. ';
  if (!Array.isArray(given)) throw fail(`${expected}Got a ${typeof given} instead`);
  if (given.length !== 2) throw fail(`${expected}Got ${given.length} returns instead`);
  const [output, outDims] = given as [unknown, Dim | Dim[]];
  return wrapped(output, values, args, (each, place) => {
    const dim = Array.isArray(outDims) ? outDims[place]! : outDims;
    return batched(each, dim, level) as Tensor;
  });
}

const parted = <A, B>(pairs: readonly (readonly [A, B])[]): [A[], B[]] => [
  pairs.map(([first]) => first),
  pairs.map(([, second]) => second),
];

/** A context that keeps what it is asked to, but for some members. */
function contextWith(ctx: FunctionContext, own: object): FunctionContext {
  return new Proxy(ctx, {
    get(target, name) {
      const owner = name in own ? own : target;
      const value: unknown = Reflect.get(owner, name, owner);
      return typeof value === 'function' ? value.bind(owner) : value;
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  });
}

/** What the rule leaves in a context for backward. */
interface Kept {
  savedDims: Dim[];
  shapes: (readonly number[] | null)[];
}

/** A function that does for a whole batch what another does for one, by mapping its parts. */
class Vmapped {
  /** Where the batch is in the results. */
  outDims: Dim[] = [];
  readonly class: FunctionClass;
  /** The name of {@link Kept} in contexts, one for each call. */
  private readonly key = Symbol('vmapped');

  constructor(
    private readonly fn: FunctionClass,
    private readonly inDims: readonly Dim[],
    private readonly batchSize: number,
    private readonly randomness: string,
  ) {
    this.class = {
      name: `Vmapped${fn.name}`,
      generateVmapRule: true,
      forward: (...operands) => {
        const [results, dims, several] = this.inBatch(operands, inDims, (each) =>
          fn.forward!(...each),
        );
        this.outDims = dims;
        return several ? results : results[0];
      },
      setupContext: (ctx, inputs, output) => this.setUp(ctx, inputs, output),
      ...(fn.backward && {
        backward: (ctx: FunctionContext, ...gradients: (Tensor | null)[]) =>
          this.backward(ctx, gradients),
      }),
    };
  }

  /** Runs with each value of the batch at once; gives the results with the batch's dimensions. */
  private inBatch(
    values: readonly unknown[],
    dims: readonly Dim[],
    run: (values: unknown[], level: number) => unknown,
  ): [results: unknown[], dims: Dim[], several: boolean] {
    return transformed(
      () => native.enterTransform('vmap', this.batchSize, this.randomness),
      (level) => {
        const result = run(
          values.map((value, i) => batched(value, dims[i]!, level)),
          level,
        );
        const several = Array.isArray(result);
        const list: unknown[] = several ? result : [result];
        return [...parted(list.map((each) => unbatched(each, level))), several];
      },
    );
  }

  private setUp(ctx: FunctionContext, inputs: unknown[], output: unknown): void {
    const several = Array.isArray(output);
    const outputs: unknown[] = several ? output : [output];
    const dims = [...this.inDims, ...this.outDims];
    this.inBatch([...inputs, ...outputs], dims, (values, level) => {
      const kept: Kept = { savedDims: [], shapes: [] };
      const own = contextWith(ctx, {
        saveForBackward: (...tensors: (Tensor | null)[]) => {
          const [saved, savedDims] = parted(tensors.map((each) => unbatched(each, level)));
          ctx.saveForBackward(...(saved as (Tensor | null)[]));
          kept.savedDims = savedDims;
        },
      });
      const given = values.slice(0, inputs.length);
      const results = values.slice(inputs.length);
      this.fn.setupContext!(own, given, several ? results : results[0]);
      kept.shapes = given.map((each) => (each instanceof Tensor ? each.shape : null));
      Object.assign(ctx, { [this.key]: kept });
      return null;
    });
  }

  private backward(ctx: FunctionContext, gradients: readonly (Tensor | null)[]): unknown[] {
    const { savedDims, shapes } = (ctx as unknown as Record<symbol, Kept>)[this.key]!;
    const saved = ctx.savedTensors;
    const gradientDims = gradients.map((each, i) => (each === null ? null : this.outDims[i]!));
    const [results, dims] = this.inBatch(
      [...saved, ...gradients],
      [...savedDims, ...gradientDims],
      (values) => {
        const own = contextWith(ctx, { savedTensors: values.slice(0, saved.length) });
        return this.fn.backward!(own, ...(values.slice(saved.length) as (Tensor | null)[]));
      },
    );
    return results.map((each, i) => this.reduced(each, dims[i]!, this.inDims[i]!, shapes[i]!));
  }

  /** A gradient with the batch where the input has it, of the input's sizes; summed where that has none. */
  private reduced(given: unknown, dim: Dim, inDim: Dim, shape: readonly number[] | null): unknown {
    if (!(given instanceof Tensor)) return given;
    if (inDim === null) return dim === null ? given : given.sum({ dim });
    let gradient = given;
    let place = dim;
    if (place === null) {
      place = inDim;
      const sizes = [...given.shape];
      sizes.splice(place, 0, this.batchSize);
      gradient = given.unsqueeze(place).expand(sizes);
    }
    const own = gradient.shape.filter((_, i) => i !== place);
    if (shape && String(own) !== String(shape)) {
      const sum = (each: Tensor) => each.sumToSize([...shape]);
      return vmap(sum, { inDims: place, outDims: inDim })(gradient);
    }
    return place === inDim ? gradient : gradient.movedim(place, inDim);
  }
}

inTransforms.apply = (fn, args) => {
  if (!fn.setupContext) {
    throw fail(
      `In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, ...), it must override the setup_context staticmethod. ${more}`,
    );
  }
  return call(fn, args);
};
