import { TorchError } from './errors';
import { native } from './native';

const modes = ['default', 'warn', 'error'] as const;

/** How algorithms that aren't deterministic are met (`torch.get_deterministic_debug_mode`): 0 not at all, 1 by a warning, 2 by an error. */
export function getDeterministicDebugMode(): 0 | 1 | 2 {
  if (!native.areDeterministicAlgorithmsEnabled()) return 0;
  return native.areDeterministicAlgorithmsWarnOnly() ? 1 : 2;
}

/** Sets it by number or name (`torch.set_deterministic_debug_mode`). Throws TorchError for an unknown one. */
export function setDeterministicDebugMode(mode: (typeof modes)[number] | 0 | 1 | 2): void {
  const number = typeof mode === 'string' ? modes.indexOf(mode) : mode;
  if (number === -1) {
    throw new TorchError(
      `invalid value of debug_mode, expected one of \`default\`, \`warn\`, \`error\`, but got ${mode}`,
      'RuntimeError',
    );
  }
  if (![0, 1, 2].includes(number)) {
    throw new TorchError(
      `invalid value of debug_mode, expected 0, 1, or 2, but got ${mode}`,
      'RuntimeError',
    );
  }
  native.useDeterministicAlgorithms(number > 0, number === 1);
}
