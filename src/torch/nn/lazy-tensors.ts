/** Tensors of modules that learn their sizes from the first batch (`torch.nn.parameter`). */
import { TorchError } from '../errors';
import { empty } from '../generated/functions';
import { keep } from '../memory';
import { type Handle, native } from '../native';
import { Tensor } from '../tensor';
import type { FactoryOptions, Sizes } from '../types';
import { Parameter } from './parameter';

interface Uninitialized {
  /** Makes a tensor of these sizes of it, which every use of it sees; dtype and device are its own by default. */
  materialize(shape: readonly number[], options?: FactoryOptions): void;
}

/** The handle of a tensor that operators must not get. */
const hidden = new WeakMap<Tensor, Handle>();

const refusal = (kind: string) =>
  new TorchError(
    'Attempted to use an uninitialized parameter in an operator. This error happens when you are using a `LazyModule` or ' +
      `explicitly manipulating \`torch.nn.parameter.${kind}\` objects. When using LazyModules Call \`forward\` with a ` +
      'dummy batch to initialize the parameters before calling torch functions',
    'ValueError',
  );

/** Hides a tensor's handle: whatever computes with it is refused. */
function hide(tensor: Tensor): void {
  hidden.set(tensor, tensor.handle);
  Object.defineProperty(tensor, 'handle', {
    configurable: true,
    enumerable: false,
    get: () => {
      throw refusal(tensor.constructor.name);
    },
  });
}

/** What both kinds share (`torch.nn.parameter.UninitializedTensorMixin`). */
function uninitialized<A extends unknown[], T extends Tensor>(
  Base: new (...args: A) => T,
): new (
  ...args: A
) => T & Uninitialized {
  class UninitializedTensor extends (Base as unknown as typeof Tensor) {
    /** Dtype and device of what is to come, without elements. */
    override get data(): Tensor {
      return new Tensor(native.getData(hidden.get(this)!));
    }
    override set data(other: Tensor) {
      native.setData(hidden.get(this)!, other.handle);
    }
    /** Throws TorchError: there is none before the first batch. */
    override get shape(): Sizes {
      throw new TorchError(
        "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in " +
          '`load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` ' +
          'to initialize the parameters before accessing their attributes.',
        'RuntimeError',
      );
    }
    override get dtype() {
      return this.data.dtype;
    }
    override get device() {
      return this.data.device;
    }
    override get ndim(): number {
      return 1;
    }
    override get grad(): Tensor | null {
      return null;
    }
    override set grad(gradient: Tensor | null) {
      native.setGrad(hidden.get(this)!, gradient?.handle ?? null);
    }
    override get isLeaf(): boolean {
      return true;
    }
    override get requiresGrad(): boolean {
      return native.requiresGrad(hidden.get(this)!);
    }
    override isFloatingPoint(): boolean {
      return this.data.isFloatingPoint();
    }
    override isComplex(): boolean {
      return this.data.isComplex();
    }

    materialize(shape: readonly number[], options: FactoryOptions = {}): void {
      const { dtype, device } = this.data;
      const data = empty(shape as number[], { dtype, device, ...options });
      const handle = hidden.get(this)!;
      native.setData(handle, data.handle);
      hidden.delete(this);
      Object.defineProperty(this, 'handle', { value: handle, enumerable: true });
      Object.setPrototypeOf(
        this,
        this instanceof Parameter ? Parameter.prototype : Tensor.prototype,
      );
    }

    override get isDisposed(): boolean {
      return false;
    }
    override toString(): string {
      return `<${this.constructor.name}>`;
    }
  }
  return UninitializedTensor as never;
}

/**
 * A parameter whose sizes are not known yet (`torch.nn.UninitializedParameter`); it becomes a {@link Parameter} by
 * `materialize(shape)`. Throws TorchError where an operator gets it before.
 */
export class UninitializedParameter extends uninitialized(Parameter) {
  constructor(requiresGrad = true, options: FactoryOptions = {}) {
    super(empty([0], options), requiresGrad);
    hide(this);
  }
  /** @internal */
  deepcopy(): UninitializedParameter {
    const { dtype, device } = this.data;
    return new UninitializedParameter(this.requiresGrad, { dtype, device });
  }
}

/**
 * A buffer whose sizes are not known yet (`torch.nn.UninitializedBuffer`); it becomes a tensor by `materialize(shape)`.
 * Throws TorchError where an operator gets it before.
 */
export class UninitializedBuffer extends uninitialized(Tensor) {
  constructor(options: FactoryOptions = {}) {
    super(empty([0], options).handle);
    keep(this);
    hide(this);
  }
  /** Another one, with the dtype and device that `Tensor.to` would give it. */
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of Tensor.to.
  override to(...target: any[]): any {
    const { dtype, device } = (this.data.to as (...args: unknown[]) => Tensor)(...target);
    return new UninitializedBuffer({ dtype, device });
  }
  /** @internal */
  deepcopy(): UninitializedBuffer {
    const { dtype, device } = this.data;
    return new UninitializedBuffer({ dtype, device });
  }
}

export type LazyTensor = UninitializedParameter | UninitializedBuffer;

/** Whether a tensor has no sizes yet (`torch.nn.parameter.is_lazy`). */
export const isLazy = (value: unknown): value is LazyTensor =>
  value instanceof UninitializedParameter || value instanceof UninitializedBuffer;
