import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { DType } from '../../types';
import type {
  BinaryCrossEntropyWithLogitsOptions,
  CrossEntropyOptions,
  CtcLossOptions,
  KlDivOptions,
  NllLossOptions,
  Reduction,
} from '../functional';
import * as F from '../functional';
import { Module } from '../module';
import { bool, float } from '../repr';
import { tuple } from '../sizes';
import { Linear } from './linear';
import { Loss, WeightedLoss } from './loss';

/** Cross-entropy of logits against classes; see `F.crossEntropy` (`torch.nn.CrossEntropyLoss`). */
export class CrossEntropyLoss extends WeightedLoss {
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;
  constructor(options: CrossEntropyOptions = {}) {
    super(options);
    this.ignoreIndex = options.ignoreIndex ?? -100;
    this.labelSmoothing = options.labelSmoothing ?? 0;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction, labelSmoothing } = this;
    return F.crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing });
  }
}

/** Log-probabilities against classes; see `F.nllLoss` (`torch.nn.NLLLoss`). */
export class NLLLoss extends WeightedLoss {
  readonly ignoreIndex: number;
  constructor(options: NllLossOptions = {}) {
    super(options);
    this.ignoreIndex = options.ignoreIndex ?? -100;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction } = this;
    return F.nllLoss(input, target, { weight, ignoreIndex, reduction });
  }
}

/** Cross-entropy of probabilities against probabilities (`torch.nn.BCELoss`). */
export class BCELoss extends WeightedLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return F.binaryCrossEntropy(input, target, { weight, reduction });
  }
}

/** Cross-entropy of logits against probabilities (`torch.nn.BCEWithLogitsLoss`). */
export class BCEWithLogitsLoss extends WeightedLoss {
  readonly posWeight: Tensor | null = null;
  constructor(options: BinaryCrossEntropyWithLogitsOptions = {}) {
    super(options);
    this.registerBuffer('posWeight', options.posWeight ?? null);
  }
  override stateName(property: string): string {
    return property === 'posWeight' ? 'pos_weight' : property;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, posWeight, reduction } = this;
    return F.binaryCrossEntropyWithLogits(input, target, { weight, posWeight, reduction });
  }
}

/** Binary cross-entropy of several labels for each sample (`torch.nn.MultiLabelSoftMarginLoss`). */
export class MultiLabelSoftMarginLoss extends WeightedLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return F.multilabelSoftMarginLoss(input, target, { weight, reduction });
  }
}

/** Kullback–Leibler divergence of log-probabilities; see `F.klDiv` (`torch.nn.KLDivLoss`). */
export class KLDivLoss extends Module {
  readonly reduction: Reduction | 'batchmean';
  readonly logTarget: boolean;
  constructor({ reduction = 'mean', logTarget = false }: KlDivOptions = {}) {
    super();
    this.reduction = reduction;
    this.logTarget = logTarget;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    const { reduction, logTarget } = this;
    return F.klDiv(input, target, { reduction, logTarget });
  }
}

/** Connectionist temporal classification; see `F.ctcLoss` (`torch.nn.CTCLoss`). */
export class CTCLoss extends Loss {
  readonly blank: number;
  readonly zeroInfinity: boolean;
  constructor(options: CtcLossOptions = {}) {
    super(options);
    this.blank = options.blank ?? 0;
    this.zeroInfinity = options.zeroInfinity ?? false;
  }
  forward<Lengths extends Tensor | readonly number[]>(
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: Lengths,
    targetLengths: Lengths,
  ): Tensor {
    const { blank, reduction, zeroInfinity } = this;
    return F.ctcLoss(logProbs, targets, inputLengths, targetLengths, {
      blank,
      reduction,
      zeroInfinity,
    });
  }
}

export interface LinearCrossEntropyLossOptions extends Omit<CrossEntropyOptions, 'ignoreIndex'> {
  /** Further dimensions of the logits. */
  outFeatures?: readonly number[];
  bias?: boolean;
  dtype?: DType;
  ignoreIndex?: number | null;
}

/**
 * A linear layer and the cross-entropy of its output against classes, `[N, inFeatures]`
 * (`torch.nn.LinearCrossEntropyLoss`).
 */
export class LinearCrossEntropyLoss extends WeightedLoss {
  readonly outFeatures: readonly number[];
  readonly ignoreIndex: number | null;
  readonly labelSmoothing: number;
  readonly linear: Linear;

  constructor(
    inFeatures: number,
    readonly numClasses: number,
    options: LinearCrossEntropyLossOptions = {},
  ) {
    super(options);
    const { outFeatures = [], bias = false, dtype, weight, labelSmoothing = 0 } = options;
    if (weight && String(weight.shape) !== String(numClasses)) {
      throw new TorchError(
        `expected weight shape to be (${numClasses},), got ${tuple(weight.shape)}`,
        'RuntimeError',
      );
    }
    if (labelSmoothing < 0 || labelSmoothing > 1) {
      throw new TorchError(
        `expected label_smoothing to be in range [0, 1], got ${labelSmoothing}`,
        'RuntimeError',
      );
    }
    this.outFeatures = outFeatures;
    this.ignoreIndex = options.ignoreIndex ?? null;
    this.labelSmoothing = labelSmoothing;
    const outputs = outFeatures.reduce((product, size) => product * size, numClasses);
    this.linear = new Linear(inFeatures, outputs, { bias, dtype });
  }

  forward(input: Tensor, target: Tensor): Tensor {
    const { linear, weight, reduction, ignoreIndex, labelSmoothing } = this;
    const shape = [this.numClasses, ...this.outFeatures];
    return F.linearCrossEntropy(
      input,
      linear.weight.reshape([...shape, linear.inFeatures]),
      target,
      {
        linearBias: linear.bias?.reshape(shape),
        weight,
        reduction,
        labelSmoothing,
        ignoreIndex,
      },
    );
  }

  override extraRepr(): string {
    const { linear, numClasses, outFeatures, reduction, ignoreIndex, labelSmoothing } = this;
    return `in_features=${linear.inFeatures}, num_classes=${numClasses}, out_features=${outFeatures.length ? tuple(outFeatures) : '()'}, bias=${bool(linear.bias !== null)}, reduction=${reduction}, ignore_index=${ignoreIndex ?? 'None'}, label_smoothing=${float(labelSmoothing)}, options=None`;
  }
}
