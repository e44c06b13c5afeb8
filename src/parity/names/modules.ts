import * as torch from 'tandem-torch';
import { isNotHere, Module } from 'tandem-torch/internal';

type Names = Readonly<Record<string, unknown>>;

const methods = (type: { prototype: object }): Names => type.prototype as Names;

/** Our counterparts of PyTorch's modules and classes by their paths in Python. */
const classes: Readonly<Record<string, Names>> = {
  'torch.Tensor': methods(torch.Tensor),
  'torch.nn.Module': methods(Module),
  'torch.optim.Optimizer': methods(torch.optim.Optimizer),
  'torch.Generator': methods(torch.Generator),
};

/** The modules and classes that are compared. */
export const paths: readonly string[] = [
  ...[
    '',
    'accelerator',
    'amp',
    'autograd',
    'autograd.forward_ad',
    'autograd.functional',
    'autograd.graph',
    'autograd.profiler',
    'cuda',
    'distributed',
    'distributions',
    'fft',
    'func',
    'jit',
    'linalg',
    'nn',
    'nn.attention',
    'nn.functional',
    'nn.init',
    'nn.parallel',
    'nn.parameter',
    'nn.utils',
    'nn.utils.parametrizations',
    'nn.utils.parametrize',
    'nn.utils.prune',
    'nn.utils.rnn',
    'nn.utils.stateless',
    'optim',
    'optim.lr_scheduler',
    'optim.swa_utils',
    'profiler',
    'random',
    'serialization',
    'signal.windows',
    'sparse',
    'special',
    'testing',
    'utils',
    'utils.checkpoint',
    'utils.data',
    'utils.data.distributed',
  ].map((path) => (path ? `torch.${path}` : 'torch')),
  ...Object.keys(classes),
];

/** Python's name in camelCase. */
const camel = (name: string): string =>
  name.replace(/(?<=[^_])_+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

/** The member of a module under Python's name or ours; undefined where it is missing or says so itself. */
function member(owner: unknown, name: string): unknown {
  if (owner === undefined || owner === null) return undefined;
  const names = owner as Names;
  const own = [name, camel(name)].find((each) => each in names);
  const value = own && names[own];
  return isNotHere(value) ? undefined : value;
}

/** Those of Python's names in a module or class that ours lacks. */
export function missingNames(path: string, names: readonly string[]): string[] {
  const methodsOf = classes[path];
  if (methodsOf) return names.filter((name) => !(name in methodsOf) && !(camel(name) in methodsOf));
  const [, ...parts] = path.split('.');
  const module = parts.reduce<unknown>(member, torch);
  return names.filter((name) => member(module, name) === undefined);
}
