import { typeName } from '../arguments';
import { TorchError } from '../errors';
import { Tensor } from '../tensor';
import { internals } from './internals';
import type { Module } from './module';
import { Parameter } from './parameter';

const tensorTypes: Readonly<Record<string, string>> = {
  float32: 'Float',
  float64: 'Double',
  float16: 'Half',
  bfloat16: 'BFloat16',
  uint8: 'Byte',
  int8: 'Char',
  int16: 'Short',
  int32: 'Int',
  int64: 'Long',
  bool: 'Bool',
  complex64: 'ComplexFloat',
  complex128: 'ComplexDouble',
};

/** Python's name of a value's type, a tensor's with its dtype (`torch.typename`). */
export const typename = (value: unknown): string =>
  value instanceof Tensor
    ? `torch.${tensorTypes[value.dtype] ?? value.dtype}Tensor`
    : typeName(value);

/** One accessor for all modules that have a property of this name, so that they keep one hidden class. */
const accessors = new Map<string, PropertyDescriptor>();

function accessorOf(property: string): PropertyDescriptor {
  let accessor = accessors.get(property);
  if (!accessor) {
    accessor = {
      enumerable: true,
      configurable: true,
      get(this: Module) {
        return this[internals].parameters[property];
      },
      set(this: Module, value: unknown) {
        if (value instanceof Parameter || value === null || value === undefined) {
          this[internals].parameters[property] = value ?? null;
          return;
        }
        if (typeof value === 'object' && internals in value) {
          // A module takes a parameter's place, as in Python.
          Object.defineProperty(this, property, {
            value,
            enumerable: true,
            configurable: true,
            writable: true,
          });
          return;
        }
        throw new TorchError(
          `cannot assign '${typename(value)}' as parameter '${this.stateName(property)}' ` +
            '(torch.nn.Parameter or None expected)',
          'TypeError',
        );
      },
    };
    accessors.set(property, accessor);
  }
  return accessor;
}

/**
 * Lets properties that hold parameters take nothing but parameters and null from now on, as Python's
 * `Module.__setattr__` does.
 */
export function guard(module: Module, ...properties: string[]): void {
  for (const property of properties) {
    if (Object.getOwnPropertyDescriptor(module, property)?.get) continue;
    module[internals].parameters[property] = module.property(property) as Parameter | null;
    Object.defineProperty(module, property, accessorOf(property));
  }
}
