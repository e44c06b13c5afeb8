import * as torch from 'tandem-torch';
import { generated } from 'tandem-torch/internal';
import { arrangements } from './arrangements';
import { type Call, called, member } from './call';
import type { Frame } from './frames';
import { camel } from './values';

type Functions = Readonly<Record<string, unknown>>;

const groups: Readonly<Record<string, Functions>> = {
  '': torch,
  'nn.functional': torch.nn.functional,
  linalg: torch.linalg,
  fft: torch.fft,
  special: torch.special,
  sparse: torch.sparse,
  'signal.windows': torch.signal.windows,
};

/** Operators, which distinguish `{ float: 2 }` from 2; functions written in TypeScript take numbers. */
const operators = new Set<unknown>(
  [...generated, torch.linalg, torch.fft, torch.special].flatMap(Object.values),
);

/** Our counterpart of a Python function. */
export interface Twin {
  readonly call: Call;
  readonly exactFloats: boolean;
  /** How to call it, if not by its own name. */
  readonly arranged?: boolean;
}

/** The function under the name that a Python user would guess; null if there is none. */
export function twinOf({ op, variant, target }: Frame): Twin | null {
  const arranged = arrangements[`${op} (${variant})`] ?? arrangements[op];
  if (arranged) {
    return { call: arranged, arranged: true, exactFloats: !op.startsWith('nn.functional') };
  }
  const dot = target.lastIndexOf('.');
  const group = target.slice(0, Math.max(0, dot));
  const name = target.slice(dot + 1);
  const found = groups[group]?.[camel(name)];
  if (typeof found === 'function') {
    const exactFloats = operators.has(found);
    return { exactFloats, call: (args, options) => called(found, args, options) };
  }
  if (group === '' && camel(name) in torch.Tensor.prototype) {
    return { exactFloats: true, call: member(camel(name)) };
  }
  // Names with a leading underscore, and functions that Python itself calls through torch.ops.
  if (group === 'torch.ops.aten' || /^_[a-z]|^native_/.test(target)) {
    const operator = torch.ops.aten[name as keyof typeof torch.ops.aten];
    return { exactFloats: true, call: (args, options) => called(operator, args, options) };
  }
  return null;
}
