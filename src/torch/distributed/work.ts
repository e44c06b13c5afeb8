import { type Handle, native } from '../native';
import { Tensor } from '../tensor';

/** A collective that goes on beside this thread (`torch.distributed.Work`). */
export class Work {
  readonly #handle: Handle;

  /** @internal */
  constructor(handle: Handle) {
    this.#handle = handle;
  }

  /** @internal */
  get handle(): Handle {
    return this.#handle;
  }

  /**
   * Waits until it has ended, at most that many milliseconds. Throws TorchError if it failed, or didn't end in
   * time.
   */
  wait(timeout = 0): boolean {
    return native.workWait(this.#handle, timeout);
  }
  isCompleted(): boolean {
    return native.workIsCompleted(this.#handle);
  }
  isSuccess(): boolean {
    return native.workIsSuccess(this.#handle);
  }
  /** The sender of what was received from any process. */
  sourceRank(): number {
    return native.workSourceRank(this.#handle);
  }
  result(): Tensor[] {
    return native.workResult(this.#handle).map((handle) => new Tensor(handle));
  }
}
