import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { FactoryOptions } from '../../types';
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
import { Loss, PlainWeightedLoss, WeightedLoss } from './loss';

/** Cross-entropy of logits against classes; see `F.crossEntropy` (`torch.nn.CrossEntropyLoss`). */
export class CrossEntropyLoss extends WeightedLoss {
  readonly ignoreIndex: number;
  readonly labelSmoothing: number;
  constructor(...args: Args<'CrossEntropyLoss', unknown, CrossEntropyOptions>) {
    const bound = bind<Bound<CrossEntropyOptions>>('CrossEntropyLoss', args);
    super(bound);
    this.ignoreIndex = bound.ignoreIndex;
    this.labelSmoothing = bound.labelSmoothing;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction, labelSmoothing } = this;
    return F.crossEntropy(input, target, { weight, ignoreIndex, reduction, labelSmoothing });
  }
}

/** Log-probabilities against classes; see `F.nllLoss` (`torch.nn.NLLLoss`). */
export class NLLLoss extends WeightedLoss {
  readonly ignoreIndex: number;
  constructor(...args: Args<'NLLLoss', unknown, NllLossOptions>) {
    const bound = bind<Bound<NllLossOptions>>('NLLLoss', args);
    super(bound);
    this.ignoreIndex = bound.ignoreIndex;
  }
  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignoreIndex, reduction } = this;
    return F.nllLoss(input, target, { weight, ignoreIndex, reduction });
  }
}

/** Cross-entropy of probabilities against probabilities (`torch.nn.BCELoss`). */
export class BCELoss extends PlainWeightedLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return F.binaryCrossEntropy(input, target, { weight, reduction });
  }
}

/** Cross-entropy of logits against probabilities (`torch.nn.BCEWithLogitsLoss`). */
export class BCEWithLogitsLoss extends WeightedLoss {
  readonly posWeight: Tensor | null = null;
  constructor(...args: Args<'BCEWithLogitsLoss', unknown, BinaryCrossEntropyWithLogitsOptions>) {
    const bound = bind<Bound<BinaryCrossEntropyWithLogitsOptions>>('BCEWithLogitsLoss', args);
    super(bound);
    this.registerBuffer('posWeight', bound.posWeight);
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
export class MultiLabelSoftMarginLoss extends PlainWeightedLoss {
  forward(input: Tensor, target: Tensor): Tensor {
    const { weight, reduction } = this;
    return F.multilabelSoftMarginLoss(input, target, { weight, reduction });
  }
}

/** Kullback–Leibler divergence of log-probabilities; see `F.klDiv` (`torch.nn.KLDivLoss`). */
export class KLDivLoss extends Module {
  readonly reduction: Reduction | 'batchmean';
  readonly logTarget: boolean;
  constructor(...args: Args<'KLDivLoss', unknown, KlDivOptions>) {
    super();
    const { reduction, logTarget } = bind<Bound<KlDivOptions>>('KLDivLoss', args);
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
  constructor(...args: Args<'CTCLoss', unknown, CtcLossOptions>) {
    const bound = bind<Bound<CtcLossOptions>>('CTCLoss', args);
    super(bound);
    this.blank = bound.blank;
    this.zeroInfinity = bound.zeroInfinity;
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

export interface LinearCrossEntropyLossOptions
  extends Omit<CrossEntropyOptions, 'ignoreIndex' | 'sizeAverage' | 'reduce'>,
    FactoryOptions {
  /** Further dimensions of the logits. */
  outFeatures?: readonly number[];
  /** Default false. */
  bias?: boolean;
  ignoreIndex?: number | null;
}

interface LinearCrossEntropyNeeded {
  inFeatures: number;
  numClasses: number;
}

/**
 * A linear layer and the cross-entropy of its output against classes, `[N, inFeatures]`
 * (`torch.nn.LinearCrossEntropyLoss`).
 */
export class LinearCrossEntropyLoss extends WeightedLoss {
  readonly numClasses: number;
  readonly outFeatures: readonly number[];
  readonly ignoreIndex: number | null;
  readonly labelSmoothing: number;
  readonly linear: Linear;

  constructor(
    ...args: Args<'LinearCrossEntropyLoss', LinearCrossEntropyNeeded, LinearCrossEntropyLossOptions>
  ) {
    const bound = bind<Bound<LinearCrossEntropyNeeded, LinearCrossEntropyLossOptions>>(
      'LinearCrossEntropyLoss',
      args,
    );
    super(bound);
    const { inFeatures, numClasses, outFeatures, bias, device, dtype, weight, labelSmoothing } =
      bound;
    this.numClasses = numClasses;
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
    this.ignoreIndex = bound.ignoreIndex;
    this.labelSmoothing = labelSmoothing;
    const outputs = outFeatures.reduce((product, size) => product * size, numClasses);
    this.linear = new Linear(inFeatures, outputs, { bias, device, dtype });
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
