import type { Tensor } from '../../tensor';
import { type CrossEntropyOptions, crossEntropy } from '../functional';
import { Module } from '../module';

/** Cross-entropy between logits and classes (`torch.nn.CrossEntropyLoss`); see `F.crossEntropy`. */
export class CrossEntropyLoss extends Module {
  readonly weight: Tensor | null = null;

  constructor(private readonly options: CrossEntropyOptions = {}) {
    super();
    this.registerBuffer('weight', options.weight ?? null);
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return crossEntropy(input, target, { ...this.options, weight: this.weight });
  }
}
