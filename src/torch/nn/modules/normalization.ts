import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import * as f from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { FactoryOptions } from '../../types';
import * as F from '../functional';
import { guard } from '../guard';
import { ones_, zeros_ } from '../init';
import { Module } from '../module';
import { Parameter } from '../parameter';
import { biasText, bool, float } from '../repr';
import { expand, tuple } from '../sizes';

export interface LayerNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Learn a scale and a shift for each element. Default true. */
  elementwiseAffine?: boolean;
  /** Learn the shift as well. Default true. */
  bias?: boolean;
}

interface ShapeNeeded {
  normalizedShape: number | readonly number[];
}

/** Normalises over the last dimensions (`torch.nn.LayerNorm`; Ba, Kiros and Hinton 2016). */
export class LayerNorm extends Module {
  readonly normalizedShape: number[];
  weight: Parameter | null;
  bias: Parameter | null;
  readonly eps: number;
  readonly elementwiseAffine: boolean;

  constructor(...args: Args<'LayerNorm', ShapeNeeded, LayerNormOptions>) {
    super();
    const bound = bind<Bound<ShapeNeeded, LayerNormOptions>>('LayerNorm', args);
    const { normalizedShape, eps, elementwiseAffine, bias, ...factory } = bound;
    this.normalizedShape = expand(normalizedShape, 1);
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    const [shape, affine] = [this.normalizedShape, elementwiseAffine];
    this.weight = affine ? new Parameter(f.empty(shape, factory)) : null;
    this.bias = affine && bias ? new Parameter(f.empty(shape, factory)) : null;
    guard(this, 'weight', 'bias');
    this.resetParameters();
  }
  /** Sets the scale to ones and the shift to zeros. */
  resetParameters(): void {
    if (this.weight) ones_(this.weight);
    if (this.bias) zeros_(this.bias);
  }
  forward(input: Tensor): Tensor {
    return F.layerNorm(input, this.normalizedShape, this.weight, this.bias, this.eps);
  }
  override extraRepr(): string {
    return `${tuple(this.normalizedShape)}, eps=${float(this.eps)}, elementwise_affine=${bool(this.elementwiseAffine)}${biasText(this.bias)}`;
  }
}

export interface RMSNormOptions extends FactoryOptions {
  /** Default: the dtype's machine epsilon. */
  eps?: number | null;
  /** Learn a scale for each element. Default true. */
  elementwiseAffine?: boolean;
}

/** Divides by the root of the mean square over the last dimensions (`torch.nn.RMSNorm`; Zhang and Sennrich 2019). */
export class RMSNorm extends Module {
  readonly normalizedShape: number[];
  weight: Parameter | null;
  readonly eps: number | null;
  readonly elementwiseAffine: boolean;

  constructor(...args: Args<'RMSNorm', ShapeNeeded, RMSNormOptions>) {
    super();
    const bound = bind<Bound<ShapeNeeded, RMSNormOptions>>('RMSNorm', args);
    const { normalizedShape, eps, elementwiseAffine, ...factory } = bound;
    this.normalizedShape = expand(normalizedShape, 1);
    this.eps = eps;
    this.elementwiseAffine = elementwiseAffine;
    this.weight = elementwiseAffine ? new Parameter(f.empty(this.normalizedShape, factory)) : null;
    guard(this, 'weight');
    this.resetParameters();
  }
  /** Sets the scale to ones. */
  resetParameters(): void {
    if (this.weight) ones_(this.weight);
  }
  forward(input: Tensor): Tensor {
    return F.rmsNorm(input, this.normalizedShape, this.weight, this.eps);
  }
  override extraRepr(): string {
    return `${tuple(this.normalizedShape)}, eps=${this.eps === null ? 'None' : float(this.eps)}, elementwise_affine=${bool(this.elementwiseAffine)}`;
  }
}

export interface GroupNormOptions extends FactoryOptions {
  /** Added to the variance. Default 1e-5. */
  eps?: number;
  /** Learn a scale and a shift for each channel. Default true. */
  affine?: boolean;
  /** Learn the shift as well. Default true. */
  bias?: boolean;
}

interface GroupsNeeded {
  numGroups: number;
  numChannels: number;
}

/** Normalises over groups of channels of `[N, C, *]` (`torch.nn.GroupNorm`; Wu and He 2018). */
export class GroupNorm extends Module {
  readonly numGroups: number;
  readonly numChannels: number;
  weight: Parameter | null;
  bias: Parameter | null;
  readonly eps: number;
  readonly affine: boolean;

  constructor(...args: Args<'GroupNorm', GroupsNeeded, GroupNormOptions>) {
    super();
    const bound = bind<Bound<GroupsNeeded, GroupNormOptions>>('GroupNorm', args);
    const { numGroups, numChannels, eps, affine, bias = true, ...factory } = bound;
    if (numChannels % numGroups !== 0) {
      throw new TorchError(
        `num_channels (${numChannels}) must be divisible by num_groups (${numGroups})`,
        'ValueError',
      );
    }
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.eps = eps;
    this.affine = affine;
    this.weight = affine ? new Parameter(f.empty([numChannels], factory)) : null;
    this.bias = affine && bias ? new Parameter(f.empty([numChannels], factory)) : null;
    guard(this, 'weight', 'bias');
    this.resetParameters();
  }
  /** Sets the scale to ones and the shift to zeros. */
  resetParameters(): void {
    if (this.weight) ones_(this.weight);
    if (this.bias) zeros_(this.bias);
  }
  forward(input: Tensor): Tensor {
    return F.groupNorm(input, this.numGroups, this.weight, this.bias, this.eps);
  }
  override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, eps=${float(this.eps)}, affine=${bool(this.affine)}${biasText(this.bias)}`;
  }
}

interface LocalResponseOptions {
  /** Default 1e-4. */
  alpha?: number;
  /** Default 0.75. */
  beta?: number;
  /** Default 1. */
  k?: number;
}

/**
 * Divides each element of `[N, C, *]` by what its neighbouring channels hold
 * (`torch.nn.LocalResponseNorm`; Krizhevsky et al. 2012).
 */
export class LocalResponseNorm extends Module {
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(...args: Args<'LocalResponseNorm', { size: number }, LocalResponseOptions>) {
    super();
    const { size, alpha, beta, k } = bind<Bound<{ size: number }, LocalResponseOptions>>(
      'LocalResponseNorm',
      args,
    );
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }
  forward(input: Tensor): Tensor {
    return F.localResponseNorm(input, this.size, this.alpha, this.beta, this.k);
  }
  override extraRepr(): string {
    return `${this.size}, alpha=${float(this.alpha)}, beta=${float(this.beta)}, k=${float(this.k)}`;
  }
}
