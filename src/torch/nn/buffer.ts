import { keep } from '../memory';
import { Tensor } from '../tensor';

/**
 * A tensor that is part of a module's state without being learnt (`torch.nn.Buffer`): a property that holds one is a
 * buffer, as by `registerBuffer`. It shares the data's storage, and outlives the `tidy` in which it is made.
 */
export class Buffer extends Tensor {
  /** Whether it is part of the state dict. */
  readonly persistent: boolean;

  constructor(data: Tensor, { persistent = true }: { persistent?: boolean } = {}) {
    const own = data.detach().requiresGrad_(data.requiresGrad);
    super(own.handle);
    keep(own);
    keep(this);
    this.persistent = persistent;
  }
}
