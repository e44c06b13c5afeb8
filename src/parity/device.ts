import * as torch from 'tandem-torch';
import { UserError } from '../command/errors';

/**
 * Makes a device ready to be compared with Python on the same one: what is not deterministic there by default is, where
 * PyTorch can. Throws UserError where there is no such device.
 */
export function useDevice(name: string): void {
  try {
    torch.zeros(1, { device: name as torch.Device });
  } catch (error) {
    throw new UserError(
      `The device ${name} can't be used: ${(error as Error).message.split('\n')[0]}`,
    );
  }
  if (!name.startsWith('cuda')) return;
  // cuBLAS reads it when it is first used, in Python as well.
  process.env.CUBLAS_WORKSPACE_CONFIG ??= ':4096:8';
  torch.useDeterministicAlgorithms(true, { warnOnly: true });
  torch.backends.cudnn.benchmark = false;
}

/** Runs `fn` with a device as the default one; none changes nothing. */
export async function onDevice<T>(name: string | undefined, fn: () => T | Promise<T>): Promise<T> {
  torch.setDefaultDevice((name as torch.Device) ?? null);
  try {
    return await fn();
  } finally {
    torch.setDefaultDevice(null);
  }
}
