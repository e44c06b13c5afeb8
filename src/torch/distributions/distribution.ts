import { inspect } from 'node:util';
import { enableGrad, grad, noGrad } from '../autograd';
import { TorchError } from '../errors';
import { exp } from '../generated/functions';
import { keep } from '../memory';
import { snake } from '../optim/names';
import { Tensor } from '../tensor';
import type { Constraint } from './constraints';

/** A parameter: a tensor, or a number. */
export type Param = Tensor | number;

export interface Validation {
  /** Whether arguments and values are checked against their constraints; `Distribution.validateArgs` unless given. */
  validateArgs?: boolean | null;
}

/** Sizes in front of a sample's own. */
export type SampleShape = readonly number[];

export const shapeText = (shape: readonly number[]): string => `torch.Size([${shape.join(', ')}])`;

/** As Python's `format` writes a tensor: one without dimensions as its number. */
function text(value: Tensor): string {
  if (value.ndim > 0) return String(value);
  const number: unknown = value.item();
  return Number.isInteger(number) && value.isFloatingPoint() ? `${number}.0` : String(number);
}

const valueError = (message: string) => new TorchError(message, 'ValueError');

/**
 * A probability distribution (`torch.distributions.Distribution`) over values of `eventShape`, as many of them side by
 * side as `batchShape` says. To write one, derive from it and call `setUp` in the constructor.
 */
export abstract class Distribution {
  /** Whether arguments and values are checked where a distribution isn't told. */
  static validateArgs = true;
  /** Sets {@link validateArgs} (`Distribution.set_default_validate_args`). */
  static setDefaultValidateArgs(value: boolean): void {
    Distribution.validateArgs = value;
  }

  readonly batchShape: readonly number[] = [];
  readonly eventShape: readonly number[] = [];
  /** @internal The parameters that were given. */
  readonly given: Readonly<Record<string, Tensor>> = {};
  /** @internal */
  readonly validates: boolean = Distribution.validateArgs;
  private readonly computed = new Map<string, Tensor>();

  /** What each parameter must be. */
  abstract get argConstraints(): Readonly<Record<string, Constraint>>;
  /** What a value must be. */
  abstract get support(): Constraint;
  /** Whether {@link rsample} is there. */
  get hasRsample(): boolean {
    return false;
  }
  get hasEnumerateSupport(): boolean {
    return false;
  }

  /** Notes shapes and parameters, and checks these. Throws TorchError (ValueError) where one breaks its constraint. */
  protected setUp(
    given: Readonly<Record<string, Tensor>>,
    { validateArgs }: Validation,
    batchShape: readonly number[] = Object.values(given)[0]!.shape,
    eventShape: readonly number[] = [],
  ): void {
    for (const tensor of Object.values(given)) keep(tensor);
    const validates = validateArgs ?? Distribution.validateArgs;
    Object.assign(this, { given, batchShape, eventShape, validates });
    if (!validates) return;
    for (const [name, constraint] of Object.entries(this.argConstraints)) {
      const value = given[name];
      if (!value || noGrad(() => constraint.check(value).all().item())) continue;
      throw valueError(
        `Expected parameter ${name} (Tensor of shape (${value.shape.join(', ')})) of distribution ${this} to satisfy ` +
          `the constraint ${constraint}, but found invalid values:\n${text(value)}`,
      );
    }
  }

  /** @internal A parameter as it was given, or computed from another and kept. */
  parameter(name: string, compute?: () => Tensor): Tensor {
    const known = this.given[name] ?? this.computed.get(name);
    if (known) return known;
    const value = keep(enableGrad(compute!));
    this.computed.set(name, value);
    return value;
  }

  /** @internal A copy for another batch: its parameters and the distributions that it holds, unless `parts` gives these. */
  protected copyFor(batchShape: readonly number[], parts: object = {}): this {
    const constraints = this.argConstraints;
    const given = Object.entries(this.given).map(([name, value]) => {
      const own = value.shape.slice(value.ndim - (constraints[name]?.eventDim ?? 0));
      return [name, value.expand([...batchShape, ...own])] as const;
    });
    const inner = Object.entries(this)
      .filter(([name, part]) => part instanceof Distribution && !(name in parts))
      .map(([name, part]: [string, Distribution]) => {
        const own = part.batchShape.slice(this.batchShape.length);
        return [name, part.expand([...batchShape, ...own])] as const;
      });
    return Object.assign(Object.create(Object.getPrototypeOf(this)), this, {
      ...Object.fromEntries(inner),
      given: Object.fromEntries(given),
      computed: new Map(),
      batchShape: [...batchShape],
      ...parts,
    });
  }

  /** The same for a batch of another shape; its parameters are views (`Distribution.expand`). */
  expand(batchShape: readonly number[]): this {
    return this.copyFor(batchShape);
  }

  private missing(name: string): never {
    throw new TorchError(
      `${this.constructor.name} does not implement ${name}`,
      'NotImplementedError',
    );
  }
  get mean(): Tensor {
    return this.missing('mean');
  }
  get mode(): Tensor {
    return this.missing('mode');
  }
  get variance(): Tensor {
    return this.missing('variance');
  }
  get stddev(): Tensor {
    return this.variance.sqrt();
  }

  /** Values drawn from the distribution, `[*sampleShape, *batchShape, *eventShape]`, outside of any graph. */
  sample(sampleShape: SampleShape = []): Tensor {
    return noGrad(() => this.rsample(sampleShape));
  }
  /** Values drawn so that the parameters get gradients. Throws TorchError where {@link hasRsample} is false. */
  rsample(_sampleShape: SampleShape = []): Tensor {
    return this.missing('rsample');
  }
  /** The logarithm of the density, or of the probability, at a value. Throws TorchError for one outside of the support. */
  logProb(_value: Tensor): Tensor {
    return this.missing('log_prob');
  }
  /** The probability of values up to this one. */
  cdf(_value: Tensor): Tensor {
    return this.missing('cdf');
  }
  /** The value at a probability: the inverse of {@link cdf}. */
  icdf(_value: Tensor): Tensor {
    return this.missing('icdf');
  }
  /** All values of a discrete distribution in its first dimension, the same for all of the batch. */
  enumerateSupport(_options: boolean | { expand?: boolean } = true): Tensor {
    return this.missing('enumerate_support');
  }
  /** @internal All values, `[N, *eventShape]`, in front of a batch. */
  protected enumerated(values: Tensor, options: boolean | { expand?: boolean }): Tensor {
    const [count, ...event] = values.shape as [number];
    const flat = values.view([count, ...this.batchShape.map(() => 1), ...event]);
    const isExpanded = typeof options === 'boolean' ? options : (options.expand ?? true);
    return isExpanded ? flat.expand([count, ...this.batchShape, ...event]) : flat;
  }
  entropy(): Tensor {
    return this.missing('entropy');
  }
  perplexity(): Tensor {
    return exp(this.entropy());
  }

  protected extendedShape(sampleShape: SampleShape = []): number[] {
    return [...sampleShape, ...this.batchShape, ...this.eventShape];
  }

  /** @internal Throws TorchError (ValueError) for what is no value of this distribution. */
  checkValue(value: Tensor): void {
    if (!this.validates) return;
    if (!(value instanceof Tensor)) {
      throw valueError('The value argument to log_prob must be a Tensor');
    }
    const { shape } = value;
    const events = shape.slice(shape.length - this.eventShape.length);
    if (shape.length < this.eventShape.length || String(events) !== String(this.eventShape)) {
      throw valueError(
        `The right-most size of value must match event_shape: ${shapeText(shape)} vs ${shapeText(this.eventShape)}.`,
      );
    }
    const expected = this.extendedShape();
    const fits = shape.toReversed().every((size, i) => {
      const other = expected.at(-1 - i) ?? 1;
      return size === 1 || other === 1 || size === other;
    });
    if (!fits) {
      throw valueError(
        `Value is not broadcastable with batch_shape+event_shape: ${shapeText(shape)} vs ${shapeText(expected)}.`,
      );
    }
    const { support } = this;
    if (noGrad(() => support.check(value).all().item())) return;
    throw valueError(
      `Expected value argument (Tensor of shape (${shape.join(', ')})) to be within the support (${support}) of the ` +
        `distribution ${this}, but found invalid values:\n${text(value)}`,
    );
  }

  /** As Python prints it: the parameters known so far, or their shapes where these are many numbers. */
  toString(): string {
    const shown = Object.keys(this.argConstraints).flatMap((name) => {
      const value = this.given[name] ?? this.computed.get(name);
      if (!value) return [];
      return `${snake(name)}: ${value.numel() === 1 ? text(value) : shapeText(value.shape)}`;
    });
    return `${this.constructor.name}(${shown.join(', ')})`;
  }
  [inspect.custom](): string {
    return this.toString();
  }
}

/** Distributions whose entropy and divergence follow from their log normaliser (`torch.distributions.ExponentialFamily`). */
export abstract class ExponentialFamily extends Distribution {
  /** @internal */
  get naturalParams(): Tensor[] {
    throw new TorchError('_natural_params', 'NotImplementedError');
  }
  /** @internal */
  logNormalizer(..._params: Tensor[]): Tensor {
    throw new TorchError('_log_normalizer', 'NotImplementedError');
  }
  protected get meanCarrierMeasure(): number {
    throw new TorchError(
      `${this.constructor.name} does not implement entropy`,
      'NotImplementedError',
    );
  }

  override entropy(): Tensor {
    const params = this.naturalParams.map((each) => each.detach().requiresGrad_());
    const normalizer = this.logNormalizer(...params);
    const gradients = grad(normalizer.sum(), params, { createGraph: true });
    let result = normalizer.add(-this.meanCarrierMeasure);
    params.forEach((each, i) => {
      const term = each
        .mul(gradients[i]!)
        .reshape([...this.batchShape, -1])
        .sum(-1);
      result = result.sub(term);
    });
    return result;
  }
}
