import { type Device, device } from './device';

/** Where new tensors go; null until it is set, which is the CPU. */
let chosen: device | null = null;

/** Python's functions that make tensors out of nothing (`torch.utils._device`); others keep to their arguments. */
const constructors: ReadonlySet<string> = new Set(
  `empty empty_permuted empty_strided empty_quantized ones arange bartlett_window blackman_window eye fft_fftfreq
   fft_rfftfreq full hamming_window hann_window kaiser_window linspace logspace rand randn randint randperm range
   sparse_coo_tensor sparse_compressed_tensor sparse_csr_tensor sparse_csc_tensor sparse_bsr_tensor sparse_bsc_tensor
   tril_indices triu_indices zeros scalar_tensor`.split(/\s+/),
);

/** Whether a function of ATen heeds the default device. */
export const isConstructor = (name: string): boolean => constructors.has(name);

/** The device that was set; null where none was. */
export const chosenDevice = (): device | null => chosen;

/**
 * Sets where new tensors go that are given no device (`torch.set_default_device`), on this thread; null for the CPU.
 * Modules made from here on have their parameters there.
 */
export function setDefaultDevice(name: Device | number | null): void {
  chosen = name === null ? null : device(name);
}
