import { isAvailable } from '../../accelerator';
import { warn } from '../../nn/functional/warning';
import { Tensor } from '../../tensor';

/** Whether batches are to lie in pinned memory: asked for, and of use. */
export function pins(asked: boolean, device: string): boolean {
  if (asked && device) {
    warn(
      `pin_memory_device is deprecated, the current accelerator will be used as the device,ignore pin_memory_device='${device}'.`,
    );
  }
  const useful = isAvailable();
  if (asked && !useful) {
    warn(
      "'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be used.",
    );
  }
  return asked && useful;
}

/** The tensors of a batch in memory from which GPUs copy without waiting (`torch.utils.data._utils.pin_memory`). */
export function pinMemory(batch: unknown): unknown {
  if (batch instanceof Tensor) return batch.pinMemory();
  if (typeof batch !== 'object' || batch === null || ArrayBuffer.isView(batch)) return batch;
  if ('pinMemory' in batch && typeof batch.pinMemory === 'function') return batch.pinMemory();
  if (Array.isArray(batch)) return batch.map(pinMemory);
  if (batch instanceof Map) return new Map([...batch].map(([key, each]) => [key, pinMemory(each)]));
  if (Object.getPrototypeOf(batch) !== Object.prototype) return batch;
  return Object.fromEntries(Object.entries(batch).map(([key, each]) => [key, pinMemory(each)]));
}
