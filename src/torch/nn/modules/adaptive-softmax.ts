import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import type { FactoryOptions } from '../../types';
import { Slice } from '../../types';
import { logSoftmax } from '../functional';
import { Module } from '../module';
import { shapeText } from '../repr';
import { ModuleList, Sequential } from './container';
import { Linear } from './linear';

export interface AdaptiveSoftmaxOptions extends FactoryOptions {
  /** How much smaller each further cluster's layer is. Default 4. */
  divValue?: number;
  /** Whether the head learns a bias. */
  headBias?: boolean;
}

interface Needed {
  inFeatures: number;
  nClasses: number;
  cutoffs: readonly number[];
}

/** `output` is each sample's log-probability of its target, `loss` their negated mean. */
export type AdaptiveSoftmaxOutput = [Tensor, Tensor] & {
  readonly output: Tensor;
  readonly loss: Tensor;
};

/**
 * A softmax over many classes, the rare ones in clusters with smaller layers
 * (`torch.nn.AdaptiveLogSoftmaxWithLoss`; Grave et al. 2016). Classes are sorted by how frequent they
 * are; `cutoffs` are the first classes of the clusters.
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  readonly inFeatures: number;
  readonly nClasses: number;
  readonly cutoffs: readonly number[];
  readonly shortlistSize: number;
  readonly head: Linear;
  readonly tail: ModuleList<Sequential>;

  constructor(...args: Args<'AdaptiveLogSoftmaxWithLoss', Needed, AdaptiveSoftmaxOptions>) {
    super();
    const { inFeatures, nClasses, cutoffs, divValue, headBias, device, dtype } = bind<
      Bound<Needed, AdaptiveSoftmaxOptions>
    >('AdaptiveLogSoftmaxWithLoss', args);
    checkCutoffs(cutoffs, nClasses);
    this.inFeatures = inFeatures;
    this.nClasses = nClasses;
    const ends = [...cutoffs, nClasses];
    this.cutoffs = ends;
    this.shortlistSize = ends[0]!;
    const headSize = this.shortlistSize + cutoffs.length;
    this.head = new Linear(inFeatures, headSize, { bias: headBias, device, dtype });
    this.tail = new ModuleList(
      cutoffs.map((start, i) => {
        const hidden = Math.floor(inFeatures / divValue ** (i + 1));
        return new Sequential(
          new Linear(inFeatures, hidden, { bias: false, device, dtype }),
          new Linear(hidden, ends[i + 1]! - start, { bias: false, device, dtype }),
        );
      }),
    );
  }

  resetParameters(): void {
    for (const linear of this.modules()) {
      if (linear instanceof Linear) linear.resetParameters();
    }
  }

  /** Input `[N, inFeatures]` and classes `[N]`, or `[inFeatures]` and one class. */
  forward(input: Tensor, target: Tensor): AdaptiveSoftmaxOutput {
    checkShapes(input, target);
    if (target.ndim > 0) return this.batch(input, target);
    const { output, loss } = this.batch(input.unsqueeze(0), target.unsqueeze(0));
    return named(output.squeeze(0), loss);
  }

  private batch(input: Tensor, target: Tensor): AdaptiveSoftmaxOutput {
    const count = target.shape[0]!;
    const output = input.newZeros([count]);
    const inHead = target.newEmpty([count]);
    let used = 0;
    for (const [i, end] of this.cutoffs.entries()) {
      const start = i === 0 ? 0 : this.cutoffs[i - 1]!;
      const mask = target.ge(start).logicalAnd(target.lt(end));
      const rows = mask.nonzero().squeeze();
      if (rows.numel() === 0) continue;
      if (i === 0) {
        inHead.indexCopy_(0, rows, target.index(mask));
      } else {
        const relative = target.index(mask).sub(start);
        const cluster = this.tail.at(i - 1)!.call(input.indexSelect(0, rows));
        inHead.indexFill_(0, rows, this.shortlistSize + i - 1);
        const local = logSoftmax(cluster, 1).gather(1, relative.unsqueeze(1));
        output.indexCopy_(0, rows, local.squeeze(1));
      }
      used += rows.numel();
    }
    if (used !== count) {
      throw new TorchError(
        `Target values should be in [0, ${this.nClasses - 1}], but values in range ` +
          `[${target.min().item()}, ${target.max().item()}] were found. `,
        'RuntimeError',
      );
    }
    const head = logSoftmax(this.head.call(input), 1);
    output.add_(head.gather(1, inHead.unsqueeze(1)).squeeze());
    return named(output, output.neg().mean());
  }

  /** The log-probabilities of all classes, `[N, nClasses]`. */
  logProb(input: Tensor): Tensor {
    return this.allLogProbs(input, this.head.call(input));
  }

  private allLogProbs(input: Tensor, headOutput: Tensor): Tensor {
    const { shortlistSize, cutoffs } = this;
    const all = new Slice();
    const out = input.newEmpty([headOutput.shape[0]!, this.nClasses]);
    const head = logSoftmax(headOutput, 1);
    out.indexSet([all, new Slice(null, shortlistSize)], head.narrow(1, 0, shortlistSize));
    for (const [i, cluster] of [...this.tail].entries()) {
      const local = logSoftmax(cluster.call(input), 1);
      const logProbs = local.add(head.select(1, shortlistSize + i).unsqueeze(1));
      out.indexSet([all, new Slice(cutoffs[i]!, cutoffs[i + 1]!)], logProbs);
    }
    return out;
  }

  /** The likeliest class of each sample, `[N]`; cheaper than all log-probabilities. */
  predict(input: Tensor): Tensor {
    const headOutput: Tensor = this.head.call(input);
    const output = headOutput.argmax(1);
    const rare = output.ge(this.shortlistSize);
    const count = rare.sum().item();
    if (count === 0) return output;
    if (count === rare.numel()) return this.allLogProbs(input, headOutput).argmax(1);
    const logProbs = this.allLogProbs(input.index(rare), headOutput.index(rare));
    return output.indexSet([rare], logProbs.argmax(1));
  }
}

const named = (output: Tensor, loss: Tensor): AdaptiveSoftmaxOutput =>
  Object.assign([output, loss] as [Tensor, Tensor], { output, loss });

function checkCutoffs(cutoffs: readonly number[], classes: number): void {
  if (cutoffs.length === 0) {
    throw new TorchError('cutoffs should be a sequence of length larger than 0', 'ValueError');
  }
  const sound = cutoffs.every(
    (cutoff, i) =>
      Number.isInteger(cutoff) && cutoff > (i === 0 ? 0 : cutoffs[i - 1]!) && cutoff <= classes - 1,
  );
  if (!sound) {
    throw new TorchError(
      'cutoffs should be a sequence of unique, positive integers sorted in an increasing order, ' +
        'where each value is between 1 and n_classes-1',
      'ValueError',
    );
  }
}

function checkShapes(input: Tensor, target: Tensor): void {
  const fail = (message: string) => new TorchError(message, 'RuntimeError');
  const expects = (dim: number) =>
    fail(
      `${dim}D target tensor expects ${dim + 1}D input tensors, but found inputs with size ${shapeText(input.shape)}`,
    );
  if (target.ndim > 1) {
    throw fail('0D or 1D target tensor expected, multi-target not supported');
  }
  if (target.ndim === 1 && input.shape[0] !== target.shape[0]) {
    throw fail('Input and target should have the same size in the batch dimension.');
  }
  if (input.ndim !== target.ndim + 1) throw expects(target.ndim);
}
