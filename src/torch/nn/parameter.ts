import { keep } from '../memory';
import { native } from '../native';
import { Tensor } from '../tensor';

/**
 * A tensor that a module learns (`torch.nn.Parameter`): it shares the data's storage, is a leaf, and
 * requires gradients unless told otherwise. It outlives the `tidy` in which it is made.
 */
export class Parameter extends Tensor {
  /** Lets the compiler tell a parameter from a tensor. */
  declare private readonly isParameter: true;

  constructor(data: Tensor, requiresGrad = true) {
    const leaf = data.detach();
    super(leaf.handle);
    keep(leaf);
    keep(this);
    native.setRequiresGrad(this.handle, requiresGrad);
  }

  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}
