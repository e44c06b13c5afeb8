/** How attention is computed (`torch.nn.attention`). */
import { native } from '../native';
import { ScopedMode } from '../scoped-mode';

/** The ways to compute `F.scaledDotProductAttention` (`SDPBackend`). */
export const SDPBackend = {
  ERROR: -1,
  MATH: 0,
  FLASH_ATTENTION: 1,
  EFFICIENT_ATTENTION: 2,
  CUDNN_ATTENTION: 3,
  OVERRIDEABLE: 4,
} as const;
export type SDPBackend = (typeof SDPBackend)[keyof typeof SDPBackend];

const switches = {
  'sdp.math': SDPBackend.MATH,
  'sdp.flash': SDPBackend.FLASH_ATTENTION,
  'sdp.efficient': SDPBackend.EFFICIENT_ATTENTION,
  'sdp.cudnn': SDPBackend.CUDNN_ATTENTION,
  'sdp.overrideable': SDPBackend.OVERRIDEABLE,
};
const names = Object.keys(switches) as (keyof typeof switches)[];

const before: boolean[][] = [];
const modes = new ScopedMode<readonly SDPBackend[]>(
  (backends) => {
    before.push(names.map((name) => native.getSwitch(name)));
    for (const name of names) native.setSwitch(name, backends.includes(switches[name]));
  },
  () => {
    for (const [i, on] of before.pop()!.entries()) native.setSwitch(names[i]!, on);
  },
);

/**
 * Runs `fn` with `F.scaledDotProductAttention` computed in one of these ways alone (`torch.nn.attention.sdpa_kernel`); an
 * async `fn` is followed. Which it is is the process's, as in Python.
 */
export const sdpaKernel = <T>(backends: SDPBackend | readonly SDPBackend[], fn: () => T): T =>
  modes.run(typeof backends === 'number' ? [backends] : backends, fn);
