import { type Args, bind } from '../../arguments';
import { operator } from '../../dispatch';
import { TorchError } from '../../errors';
import { normExceptDim } from '../../generated/functions';
import type { Tensor } from '../../tensor';
import type { Module } from '../module';
import { Parameter } from '../parameter';
import { Recomputed } from './recomputed';

/** `g · v / ‖v‖`, the norm taken over all dimensions but one. */
export const combine = operator<(v: Tensor, g: Tensor, dim: number) => Tensor>('_weight_norm');

interface Norm {
  readonly name: string;
  readonly axis: number;
}
const norms = new Recomputed<Norm>();

/** The names of a weight's length and of its direction. */
function partsOf(module: Module, name: string): readonly [g: string, v: string] {
  const prefix = module.stateName(name);
  return [`${prefix}_g`, `${prefix}_v`];
}

function compute(module: Module, { name, axis }: Norm): Tensor {
  const [g, v] = partsOf(module, name);
  return combine(module.property(v) as Tensor, module.property(g) as Tensor, axis);
}

/**
 * Replaces a weight by its length and its direction, which are learnt on their own as `<name>_g` and
 * `<name>_v` (`torch.nn.utils.weight_norm`, which PyTorch has replaced by
 * `nn.utils.parametrizations.weightNorm`; Salimans and Kingma 2016). Gives the module back.
 *
 * @param dim The dimension that keeps a length for each of its places; null for one length in all.
 */
export function weightNorm<M extends Module>(
  ...args: Args<'weight_norm', { module: M }, { name?: string; dim?: number | null }>
): M {
  const { module, name, dim } = bind<{ module: M; name: string; dim: number | null }>(
    'weight_norm',
    args,
  );
  if (norms.find(module, name)) {
    throw new TorchError(
      `Cannot register two weight_norm hooks on the same parameter ${name}`,
      'RuntimeError',
    );
  }
  const weight = module.property(name);
  if (!(weight instanceof Parameter)) {
    throw new TorchError(`${module.constructor.name} has no parameter '${name}'`, 'AttributeError');
  }
  const axis = dim ?? -1;
  const [g, v] = partsOf(module, name);
  // What is computed is not a parameter, and stands in its place.
  delete (module as unknown as Record<string, unknown>)[name];
  module.registerParameter(g, new Parameter(normExceptDim(weight.data, 2, axis)));
  module.registerParameter(v, new Parameter(weight.data));
  const norm = { name, axis };
  const update = (self: Module) => {
    self.assign(name, compute(self, norm));
  };
  update(module);
  norms.add(module, norm, update);
  return module;
}

/** Makes one parameter again of a weight's length and direction (`torch.nn.utils.remove_weight_norm`). */
export function removeWeightNorm<M extends Module>(
  ...args: Args<'remove_weight_norm', { module: M }, { name?: string }>
): M {
  const { module, name } = bind<{ module: M; name: string }>('remove_weight_norm', args);
  const norm = norms.find(module, name);
  if (!norm) {
    throw new TorchError(`weight_norm of '${name}' not found in ${module}`, 'ValueError');
  }
  norms.remove(module, name);
  module.assign(name, new Parameter(compute(module, norm).data));
  for (const part of partsOf(module, name)) module.assign(part, null);
  return module;
}
