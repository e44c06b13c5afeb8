import { TorchError } from '../errors';

/** The error of a file that is damaged, hostile, or of a kind that can't be loaded. */
export function damaged(message: string, code = 'UnpicklingError'): TorchError {
  return new TorchError(`load(): ${message}`, code, 'load');
}

/** A value in an error's text; for a container only its kind, since its text could be endless. */
export const shown = (value: unknown): string =>
  typeof value === 'object' && value !== null ? 'an object' : String(value);
