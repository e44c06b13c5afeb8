import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import { empty } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { FactoryOptions } from '../../types';
import * as F from '../functional';
import { guard } from '../guard';
import { fans, kaimingUniform_, uniform_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { bool } from '../repr';

export interface LinearOptions extends FactoryOptions {
  /** Default true. */
  bias?: boolean;
}

interface LinearNeeded {
  inFeatures: number;
  outFeatures: number;
}

/** `x Wᵀ + b`, from `[*, inFeatures]` to `[*, outFeatures]` (`torch.nn.Linear`). */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(...args: Args<'Linear', LinearNeeded, LinearOptions>) {
    super();
    const { inFeatures, outFeatures, bias, ...factory } = bind<Bound<LinearNeeded, LinearOptions>>(
      'Linear',
      args,
    );
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(empty([outFeatures, inFeatures], factory));
    this.bias = bias ? new Parameter(empty([outFeatures], factory)) : null;
    guard(this, 'weight', 'bias');
    this.resetParameters();
  }

  /** Initialises the weights as PyTorch does: uniform in ±1/√inFeatures. */
  resetParameters(): void {
    kaimingUniform_(this.weight, { a: Math.sqrt(5) });
    if (this.bias) {
      const { fanIn } = fans(this.weight);
      const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
      uniform_(this.bias, -bound, bound);
    }
  }

  forward(input: Tensor): Tensor {
    return F.linear(input, this.weight, this.bias);
  }

  override extraRepr(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${bool(this.bias !== null)}`;
  }
}

interface BilinearNeeded {
  in1Features: number;
  in2Features: number;
  outFeatures: number;
}

/** `x₁ᵀ W x₂ + b` for each output, from `[*, in1Features]` and `[*, in2Features]` (`torch.nn.Bilinear`). */
export class Bilinear extends Module {
  readonly in1Features: number;
  readonly in2Features: number;
  readonly outFeatures: number;
  weight: Parameter;
  bias: Parameter | null;

  constructor(...args: Args<'Bilinear', BilinearNeeded, LinearOptions>) {
    super();
    const bound = bind<Bound<BilinearNeeded, LinearOptions>>('Bilinear', args);
    const { in1Features, in2Features, outFeatures, bias, ...factory } = bound;
    this.in1Features = in1Features;
    this.in2Features = in2Features;
    this.outFeatures = outFeatures;
    this.weight = new Parameter(empty([outFeatures, in1Features, in2Features], factory));
    this.bias = bias ? new Parameter(empty([outFeatures], factory)) : null;
    guard(this, 'weight', 'bias');
    this.resetParameters();
  }

  /** Initialises the weights as PyTorch does: uniform in ±1/√in1Features. */
  resetParameters(): void {
    if (this.in1Features <= 0) {
      throw new TorchError(
        `in1_features must be > 0, but got (in1_features=${this.in1Features})`,
        'ValueError',
      );
    }
    const bound = 1 / Math.sqrt(this.in1Features);
    uniform_(this.weight, -bound, bound);
    if (this.bias) uniform_(this.bias, -bound, bound);
  }

  forward(input1: Tensor, input2: Tensor): Tensor {
    return F.bilinear(input1, input2, this.weight, this.bias);
  }

  override extraRepr(): string {
    const { in1Features, in2Features, outFeatures, bias } = this;
    return `in1_features=${in1Features}, in2_features=${in2Features}, out_features=${outFeatures}, bias=${bool(bias !== null)}`;
  }
}
