import { TorchError } from '../errors';
import type { Tensor } from '../tensor';
import type { Module } from './module';
import type { Parameter } from './parameter';

interface Parts {
  module: Module;
  parameter: Parameter;
  buffer: Tensor;
}
type Kind = keyof Parts;

/** Throws TorchError if a module can't hold a part under a new name. */
export function checkName(owner: Module, kind: Kind, name: string): void {
  const refuse = (message: string) => new TorchError(message, 'KeyError');
  if (name === '') throw refuse(`${kind} name can't be empty string ""`);
  if (name.includes('.')) {
    throw refuse(`${kind} name can't contain "."${kind === 'module' ? `, got: ${name}` : ''}`);
  }
  // A field that is declared without a value is there already.
  if ((owner.property(name) ?? null) !== null) {
    throw refuse(`attribute '${name}' already exists`);
  }
}

function parts(owner: Module, kind: Kind): Iterable<[string, Module | Tensor]> {
  if (kind === 'module') return owner.ownModules();
  return kind === 'parameter' ? owner.ownParameters() : owner.ownBuffers();
}

const articles = { module: 'an nn.Module', parameter: 'an nn.Parameter', buffer: 'a buffer' };

function part<K extends Kind>(owner: Module, name: string, kind: K): Parts[K] {
  for (const [own, value] of parts(owner, kind)) if (own === name) return value as Parts[K];
  const message =
    owner.property(name) === undefined
      ? `${owner.constructor.name} has no attribute \`${name}\``
      : `\`${name}\` is not ${articles[kind]}`;
  throw new TorchError(message, 'AttributeError');
}

/** The part of a dotted name inside a module. Throws TorchError if there is none. */
export function find<K extends Kind>(root: Module, target: string, kind: K): Parts[K] {
  const path = target.split('.');
  const name = path.pop()!;
  return part(
    path.reduce((module, step) => part(module, step, 'module'), root),
    name,
    kind,
  );
}
