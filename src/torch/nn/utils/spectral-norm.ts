import { type Args, type Bound, bind } from '../../arguments';
import { noGrad } from '../../autograd';
import { TorchError } from '../../errors';
import { dot, mv } from '../../generated/functions';
import { keep } from '../../memory';
import type { Tensor } from '../../tensor';
import { normalize } from '../functional';
import { internals } from '../internals';
import { isLazy } from '../lazy-tensors';
import type { Module } from '../module';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from '../modules/conv-transpose';
import { Parameter } from '../parameter';
import { Recomputed } from './recomputed';

const fail = (message: string, code = 'ValueError') => new TorchError(message, code);

interface Options {
  /** The parameter's property. Default `weight`. */
  name?: string;
  /** Default 1. */
  nPowerIterations?: number;
  /** Default 1e-12. */
  eps?: number;
  /** The dimension of the outputs: by default 1 for transposed convolutions and else 0. */
  dim?: number | null;
}

/** A weight as a matrix of its outputs. */
function matrix(weight: Tensor, dim: number): Tensor {
  const rest = weight.shape.map((_, i) => i).filter((i) => i !== dim);
  const ordered = dim === 0 ? weight : weight.permute([dim, ...rest]);
  return ordered.reshape(ordered.size(0), -1);
}

interface Norm {
  readonly name: string;
  readonly dim: number;
  readonly eps: number;
  readonly iterations: number;
}
const norms = new Recomputed<Norm>();

function compute(module: Module, { name, dim, eps, iterations }: Norm, learn: boolean): Tensor {
  const prefix = module.stateName(name);
  const weight = module.property(`${prefix}_orig`) as Tensor;
  const own = matrix(weight, dim);
  let [u, v] = [module.property(`${prefix}_u`) as Tensor, module.property(`${prefix}_v`) as Tensor];
  if (learn) {
    noGrad(() => {
      for (let i = 0; i < iterations; i++) {
        v.copy_(normalize(mv(own.t(), u), { dim: 0, eps }));
        u.copy_(normalize(mv(own, v), { dim: 0, eps }));
      }
      // The buffers may change before a backward that needs these.
      [u, v] = [u.clone(), v.clone()];
    });
  }
  return weight.div(dot(u, mv(own, v)));
}

/** Lets go of properties, whichever kind of tensor they hold. */
function removeTensors(module: Module, ...properties: string[]): void {
  for (const property of properties) {
    module[internals].buffers.delete(property);
    delete module[internals].parameters[property];
    delete (module as unknown as Record<string, unknown>)[property];
  }
}

/**
 * Divides a weight by its largest singular value before each call (`torch.nn.utils.spectral_norm`, which PyTorch has
 * replaced by `nn.utils.parametrizations.spectralNorm`; Miyato et al. 2018). The weight itself is learnt as
 * `<name>_orig`, beside the buffers `<name>_u` and `<name>_v`. Gives the module back. Throws TorchError where there is no
 * such parameter, or it is normalised already.
 */
export function spectralNorm<M extends Module>(
  ...args: Args<'spectral_norm', { module: M }, Options>
): M {
  const { module, name, nPowerIterations, eps, dim } = bind<Bound<{ module: M }, Options>>(
    'spectral_norm',
    args,
  );
  if (norms.find(module, name)) {
    throw fail(
      `Cannot register two spectral_norm hooks on the same parameter ${name}`,
      'RuntimeError',
    );
  }
  if (nPowerIterations <= 0) {
    throw fail(
      `Expected n_power_iterations to be positive, but got n_power_iterations=${nPowerIterations}`,
    );
  }
  const weight = module.property(name);
  if (weight === null) {
    throw fail(`\`SpectralNorm\` cannot be applied as parameter \`${name}\` is None`);
  }
  if (!(weight instanceof Parameter)) throw fail(`'${name}'`, 'KeyError');
  if (isLazy(weight)) {
    throw fail(
      "The module passed to `SpectralNorm` can't have uninitialized parameters. Make sure to run the dummy forward before applying spectral normalization",
    );
  }
  const transposed = [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d].some(
    (kind) => module instanceof kind,
  );
  const axis = dim ?? (transposed ? 1 : 0);
  const [height, width] = matrix(weight.detach(), axis).shape as [number, number];
  const [u, v] = [height, width].map((size) =>
    noGrad(() => normalize(weight.newEmpty([size]).normal_(0, 1), { dim: 0, eps })),
  );
  const prefix = module.stateName(name);
  // What is computed is not a parameter, and stands in its place.
  removeTensors(module, name);
  module.registerParameter(`${prefix}_orig`, weight);
  module.assign(name, keep(weight.data));
  module.registerBuffer(`${prefix}_u`, u!);
  module.registerBuffer(`${prefix}_v`, v!);
  const norm: Norm = { name, dim: axis, eps, iterations: nPowerIterations };
  norms.add(module, norm, (self) => {
    self.assign(name, compute(self, norm, self.training));
  });
  return module;
}

/** Makes the normalised weight the parameter again (`torch.nn.utils.remove_spectral_norm`). Throws TorchError if there is none. */
export function removeSpectralNorm<M extends Module>(
  ...args: Args<'remove_spectral_norm', { module: M }, { name?: string }>
): M {
  const { module, name } = bind<{ module: M; name: string }>('remove_spectral_norm', args);
  const norm = norms.find(module, name);
  if (!norm) throw fail(`spectral_norm of '${name}' not found in ${module}`);
  const weight = noGrad(() => compute(module, norm, false));
  norms.remove(module, name);
  const prefix = module.stateName(name);
  removeTensors(module, name, `${prefix}_orig`, `${prefix}_u`, `${prefix}_v`);
  module.registerParameter(name, new Parameter(weight.detach()));
  return module;
}
