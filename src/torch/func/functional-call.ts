import { TorchError } from '../errors';
import { stack } from '../generated/functions';
import { guard } from '../nn/guard';
import { internals } from '../nn/internals';
import type { Module } from '../nn/module';
import { Parameter } from '../nn/parameter';
import type { Tensor } from '../tensor';

type Tensors = Readonly<Record<string, Tensor>> | ReadonlyMap<string, Tensor>;

/** Where a module holds a tensor, and what is there. */
interface Place {
  readonly module: Module;
  readonly property: string;
  readonly held: Tensor;
}

function placesIn(root: Module): Map<string, Place> {
  const places = new Map<string, Place>();
  const visit = (module: Module, prefix: string) => {
    const { buffers } = module[internals];
    for (const property of new Set([...Object.keys(module), ...buffers.keys()])) {
      const held = module.property(property);
      if (!(held instanceof Parameter) && !(buffers.has(property) && held)) continue;
      places.set(prefix + module.stateName(property), { module, property, held: held as Tensor });
    }
    for (const [name, child] of module.ownModules()) visit(child, `${prefix}${name}.`);
  };
  visit(root, '');
  return places;
}

/** Puts a tensor into a module's place, also where only parameters may be. */
function put({ module, property, held }: Place, tensor: Tensor): void {
  if (!(held instanceof Parameter)) {
    module.assign(property, tensor);
    return;
  }
  guard(module, property);
  module[internals].parameters[property] = tensor as Parameter;
}

/**
 * Calls a module with other tensors in place of its parameters and buffers (`torch.func.functional_call`), which stay as
 * they are: for gradients with respect to them, and for ensembles by `vmap`. `args` is one argument, or an array of them.
 * Several records are taken together. Tensors that the module holds under several names are replaced under all of them,
 * unless `tieWeights` is false. Throws TorchError with `strict` for names that it does not have or that are missing.
 *
 * @example
 * const loss = (params) => F.mseLoss(torch.func.functionalCall(net, params, [x]), y);
 * const gradients = torch.func.grad(loss)(Object.fromEntries(net.namedParameters()));
 */
export function functionalCall(
  module: Module,
  parametersAndBuffers: Tensors | readonly Tensors[],
  args: unknown = [],
  options: { kwargs?: object; tieWeights?: boolean; strict?: boolean } = {},
  // biome-ignore lint/suspicious/noExplicitAny: whatever the module gives.
): any {
  const { kwargs, tieWeights = true, strict = false } = options;
  const list = Array.isArray(parametersAndBuffers) ? parametersAndBuffers : [parametersAndBuffers];
  const given = new Map<string, Tensor>();
  for (const each of list as Tensors[]) {
    for (const [name, tensor] of each instanceof Map ? each : Object.entries(each)) {
      if (given.has(name)) {
        throw new TorchError(
          `["${name}"] appeared in multiple dictionaries; behavior of functional call is ambiguous`,
          'ValueError',
        );
      }
      given.set(name, tensor as Tensor);
    }
  }
  const places = placesIn(module);
  checkNames(module, places, given, strict);
  const replaced: Place[] = [];
  try {
    for (const [name, tensor] of given) {
      const own = places.get(name);
      if (!own) continue;
      const same = (place: Place, other: string) =>
        place === own || (tieWeights && place.held === own.held && !given.has(other));
      for (const [other, place] of places) {
        if (!same(place, other)) continue;
        put(place, tensor);
        replaced.push(place);
      }
    }
    const positional = Array.isArray(args) ? args : [args];
    return module.call(...positional, ...(kwargs ? [kwargs] : []));
  } finally {
    for (const place of replaced) put(place, place.held);
  }
}

function checkNames(
  module: Module,
  places: ReadonlyMap<string, Place>,
  given: ReadonlyMap<string, Tensor>,
  strict: boolean,
): void {
  const quoted = (names: string[]) => names.map((name) => `'${name}'`).join(', ');
  const unexpected = [...given.keys()].filter((name) => !places.has(name));
  const missing = [...places.keys()].filter((name) => !given.has(name));
  if (strict && (unexpected.length > 0 || missing.length > 0)) {
    const lines = [
      ...(unexpected.length > 0 ? [`Unexpected key(s): ${quoted(unexpected)}.`] : []),
      ...(missing.length > 0 ? [`Missing key(s): ${quoted(missing)}.`] : []),
    ];
    throw new TorchError(
      `Error(s) in reparametrizing for ${module.constructor.name}:\n\t${lines.join('\n\t')}`,
      'RuntimeError',
    );
  }
  // As in Python, a name that a module does not have counts for nothing; the module itself must be there.
  for (const name of unexpected) module.getSubmodule(name.split('.').slice(0, -1).join('.'));
}

/**
 * The parameters and buffers of modules of one kind, each stacked along a new first dimension (`torch.func.stack_module_state`).
 */
export function stackModuleState(
  models: readonly Module[],
): [parameters: Record<string, Tensor>, buffers: Record<string, Tensor>] {
  if (models.length === 0) {
    throw new TorchError('stack_module_state: Expected at least one model, got 0.', 'RuntimeError');
  }
  if (models.some(({ training }) => training !== models[0]!.training)) {
    throw new TorchError(
      'stack_module_state: Expected all models to have the same training/eval mode.',
      'RuntimeError',
    );
  }
  const stacked = (of: (model: Module) => Iterable<[string, Tensor]>, learnt: boolean) => {
    const all = models.map((model) => new Map(of(model)));
    return Object.fromEntries(
      [...all[0]!.keys()].map((name) => {
        const tensor = stack(all.map((state) => state.get(name)!)).detach();
        return [name, learnt ? tensor.requiresGrad_(all[0]!.get(name)!.requiresGrad) : tensor];
      }),
    );
  };
  return [
    stacked((model) => model.namedParameters(), true),
    stacked((model) => model.namedBuffers(), false),
  ];
}
