import { type Args, type Bound, bind } from '../../arguments';
import { TorchError } from '../../errors';
import type { Tensor } from '../../tensor';
import { UninitializedParameter } from '../lazy-tensors';
import { hasUninitializedParams, initializeLater } from './lazy';
import { Linear, type LinearOptions } from './linear';

interface Needed {
  outFeatures: number;
}

/**
 * A {@link Linear} that learns `inFeatures` from its first input, `[*, inFeatures]`, or from a state dict
 * (`torch.nn.LazyLinear`). Its parameters have no sizes before: TorchError is thrown where they are used.
 */
export class LazyLinear extends Linear {
  constructor(...args: Args<'LazyLinear', Needed, LinearOptions>) {
    super(0, 0, { bias: false });
    const { outFeatures, bias, ...factory } = bind<Bound<Needed, LinearOptions>>(
      'LazyLinear',
      args,
    );
    this.weight = new UninitializedParameter(true, factory);
    this.assign('outFeatures', outFeatures);
    if (bias) this.bias = new UninitializedParameter(true, factory);
    initializeLater(this, Linear);
  }

  /** Whether the parameters have no sizes yet. */
  hasUninitializedParams(): boolean {
    return hasUninitializedParams(this);
  }

  override resetParameters(): void {
    if (this.inFeatures !== 0 && !this.hasUninitializedParams()) super.resetParameters();
  }

  /** Gives the parameters their sizes and values, for an input `[*, inFeatures]`. */
  initializeParameters(input: Tensor): void {
    const features = input.shape.at(-1);
    if (features === undefined) throw new TorchError('tuple index out of range', 'IndexError');
    if (this.hasUninitializedParams()) {
      this.assign('inFeatures', features);
      (this.weight as UninitializedParameter).materialize([this.outFeatures, features]);
      (this.bias as UninitializedParameter | null)?.materialize([this.outFeatures]);
      this.resetParameters();
    }
    if (this.inFeatures !== 0) return;
    if (features !== this.weight.shape.at(-1)) {
      throw new TorchError(
        `The in_features inferred from input: ${features} is not equal to in_features from self.weight: ${this.weight.shape.at(-1)}`,
        'AssertionError',
      );
    }
    this.assign('inFeatures', features);
  }
}
