import { lookUp } from '../dispatch';
import { emptyStrided } from '../generated/functions';
import { Parameter } from '../nn/parameter';
import { Tensor } from '../tensor';
import type { Layout } from '../types';
import { damaged, shown } from './damaged';
import { Dict, type PickleWorld } from './pickle-reader';
import { SafeGlobal, safeGlobal } from './safe-globals';
import {
  checkedDtype,
  checkedInts,
  checkedShape,
  Storage,
  type StorageId,
  storageClasses,
  storageId,
  viewStorage,
} from './storages';
import { laterDTypes, Named, Size, storageNames, Tuple } from './values';

/** A function or class that a file may name: what calling it gives. */
class Callable {
  constructor(readonly call: (args: readonly unknown[]) => unknown) {}
}

/** An OrderedDict while it is read. */
export class OrderedDict extends Map<unknown, unknown> {
  _metadata?: unknown;
}

const dictOf = <T extends Map<unknown, unknown>>(dict: T, pairs: unknown): T => {
  if (pairs === undefined) return dict;
  if (!(pairs instanceof Map || Array.isArray(pairs))) throw damaged('a dict needs pairs');
  for (const pair of pairs) {
    if (!Array.isArray(pair) || pair.length !== 2) throw damaged('a dict needs pairs');
    dict.set(pair[0], pair[1]);
  }
  return dict;
};

const tensorOf = (value: unknown): Tensor => {
  if (value instanceof Tensor) return value;
  throw damaged('a parameter needs a tensor');
};

/** The storage and dtype of a tensor whose storage tells its dtype. */
function typedView(args: readonly unknown[], bits: unknown): Tensor {
  const [storage] = args;
  const dtype = storage instanceof Storage ? storage.type.dtype : null;
  if (!dtype) throw damaged('a tensor has no storage of a dtype');
  return viewStorage(args, dtype, bits);
}

const sparseCoo = lookUp('sparse_coo_tensor', ['indices_size']);
const checkSparseCoo = lookUp('_validate_sparse_coo_tensor_args', ['']);
const sparseCompressed = lookUp('sparse_compressed_tensor', ['comp_plain_value_size']);
const checkSparseCompressed = lookUp('_validate_sparse_compressed_tensor_args', ['']);

/** A sparse tensor, its indices checked first: libtorch would trust them. */
function sparseTensor([layout, data]: readonly unknown[]): Tensor {
  if (!(layout instanceof Named) || layout.kind !== 'layout' || !(data instanceof Tuple)) {
    throw damaged('a sparse tensor has no layout and data');
  }
  const name = layout.name as Layout;
  const tensors = name === 'sparse_coo' ? 2 : 3;
  const parts = data.slice(0, tensors).map(tensorOf);
  if (parts.length < tensors) throw damaged('a sparse tensor lacks a part');
  const { shape } = checkedShape(data[tensors]);
  if (name === 'sparse_coo') {
    const isCoalesced = data[3] === true;
    checkSparseCoo([...parts, shape, isCoalesced]);
    return sparseCoo([...parts, shape, { isCoalesced }]) as Tensor;
  }
  checkSparseCompressed([...parts, shape, name]);
  return sparseCompressed([...parts, shape, { layout: name }]) as Tensor;
}

function metaTensor([type, size, stride, requiresGrad]: readonly unknown[]): Tensor {
  const dtype = checkedDtype(type);
  const strides = checkedInts(stride, 'a stride');
  const { shape } = checkedShape(size);
  if (strides.length !== shape.length) throw damaged('a tensor has more sizes than strides');
  if (strides.some((step) => step > 2 ** 48)) throw damaged('a stride is too large');
  const tensor = emptyStrided(shape, strides, { dtype, device: 'meta' });
  return requiresGrad === true ? tensor.requiresGrad_() : tensor;
}

function bytesOf([text, encoding]: readonly unknown[]): Uint8Array {
  if (typeof text !== 'string' || encoding !== 'latin1') throw damaged('bytes are not latin1 text');
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function complexOf([re, im]: readonly unknown[]): { re: number; im: number } {
  if (typeof re === 'number' && typeof im === 'number') return { re, im };
  throw damaged('a complex number needs two numbers');
}

const parameter = new Callable(([data, requiresGrad]) => {
  return new Parameter(tensorOf(data), requiresGrad !== false);
});
const tensorClass = new Callable(() => {
  throw damaged('a tensor is made in a way that is no longer used');
});

const schemes = ['per_tensor_affine', 'per_channel_affine', 'per_channel_affine_float_qparams'];
const quantised = ['qint8', 'quint8', 'qint32'];

const layouts = ['strided', 'sparse_coo', 'sparse_csr', 'sparse_csc', 'sparse_bsr', 'sparse_bsc'];

/** The globals that a file may name: as with Python's `weights_only=True`, none of them runs code. */
const allowed: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['collections.OrderedDict', new Callable(([pairs]) => dictOf(new OrderedDict(), pairs))],
  ['collections.Counter', new Callable(([pairs]) => dictOf(new Dict(), pairs))],
  ['builtins.set', new Callable(([items]) => new Set(Array.isArray(items) ? items : []))],
  ['builtins.complex', new Callable(complexOf)],
  ['builtins.bytearray', new Callable(([bytes]) => bytes ?? new Uint8Array())],
  ['_codecs.encode', new Callable(bytesOf)],
  ['torch.Size', new Callable(([sizes]) => Size.from(checkedInts(sizes, 'a size')))],
  ['torch.device', new Callable((parts) => new Named('device', parts.map(shown).join(':')))],
  [
    'torch.serialization._get_layout',
    new Callable(([full]) => {
      const name = shown(full).replace(/^torch\./, '');
      if (!layouts.includes(name)) throw damaged(`the layout ${name} is unknown`);
      return new Named('layout', name);
    }),
  ],
  ['torch.Tensor', tensorClass],
  ['torch.nn.parameter.Parameter', parameter],
  ['torch._utils._rebuild_parameter', parameter],
  ['torch._utils._rebuild_parameter_with_state', parameter],
  ['torch._utils._rebuild_tensor', new Callable((args) => typedView(args, undefined))],
  ['torch._utils._rebuild_tensor_v2', new Callable((args) => typedView(args, args[6]))],
  [
    'torch._utils._rebuild_tensor_v3',
    new Callable((args) => viewStorage(args, checkedDtype(args[6]), args[7])),
  ],
  [
    'torch._utils._rebuild_qtensor',
    new Callable(([storage, offset, size, stride, quantizer, requiresGrad]) => {
      const dtype = storage instanceof Storage ? storage.type.dtype : null;
      if (!dtype?.startsWith('q')) {
        throw damaged('a quantised tensor has no quantised storage');
      }
      if (!(quantizer instanceof Tuple)) throw damaged('a quantised tensor has no quantizer');
      return viewStorage(
        [storage, offset, size, stride, requiresGrad],
        dtype,
        undefined,
        quantizer,
      );
    }),
  ],
  ...schemes.map((name) => [`torch.${name}`, new Named('qscheme', name)] as const),
  ...quantised.map((name) => [`torch.${name}`, new Named('dtype', name)] as const),
  ['torch._utils._rebuild_sparse_tensor', new Callable(sparseTensor)],
  ['torch._utils._rebuild_meta_tensor_no_storage', new Callable(metaTensor)],
  [
    'torch._tensor._rebuild_from_type_v2',
    new Callable(([rebuild, type, args]) => {
      if (type !== tensorClass && type !== parameter)
        throw damaged('a tensor has a class of its own');
      if (!(rebuild instanceof Callable) || !(args instanceof Tuple)) {
        throw damaged('a tensor must be made by a function');
      }
      return rebuild.call(args);
    }),
  ],
  ...[...storageNames.keys(), ...laterDTypes].map(
    (dtype) => [`torch.${dtype}`, new Named('dtype', dtype)] as const,
  ),
  ...storageClasses,
]);

/** Builds the objects of a pickle, from an allowlist alone; the storages come from `load`. */
export class ObjectReader implements PickleWorld {
  constructor(private readonly load: (id: StorageId) => Storage) {}

  global(name: string): unknown {
    const value = allowed.get(name) ?? safeGlobal(name);
    if (value !== undefined) return value;
    throw damaged(
      `Unsupported global: GLOBAL ${name} was not an allowed global. ` +
        'Only tensors, containers and plain values are loaded; nothing of the file was run. ' +
        `To load it, say what it is to become: torch.serialization.addSafeGlobals([[MyClass, '${name}']])`,
    );
  }

  reduce(callable: unknown, args: readonly unknown[]): unknown {
    if (callable instanceof Callable) return callable.call(args);
    if (callable instanceof SafeGlobal) return callable.make(args);
    throw damaged('the pickle calls something that is not a function');
  }

  create(type: unknown, args: readonly unknown[]): unknown {
    if (type === parameter) return parameter.call(args);
    if (type instanceof SafeGlobal) return type.make(args);
    throw damaged('can only make new objects of Parameter');
  }

  build(object: unknown, state: unknown): void {
    if (SafeGlobal.made(object)) {
      SafeGlobal.build(object as object, state);
      return;
    }
    if (!(object instanceof OrderedDict) || !(state instanceof Map)) {
      throw damaged('only an OrderedDict may be given a state');
    }
    if (state.has('_metadata')) object._metadata = state.get('_metadata');
  }

  persistent(id: unknown): unknown {
    return this.load(storageId(id));
  }
}
