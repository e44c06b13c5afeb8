import { method } from './dispatch';
import { tensorMethods } from './generated/methods';
import { attributes, methods } from './methods';
import { Tensor } from './tensor';
import { installedMethods } from './tensor-methods';

const define = (name: string | symbol, property: PropertyDescriptor) =>
  Object.defineProperty(Tensor.prototype, name, {
    ...property,
    configurable: true,
    enumerable: false,
  });

for (const name of Reflect.ownKeys(installedMethods)) {
  define(name, installedMethods[name as keyof typeof installedMethods]!);
}
for (const [name, get] of Object.entries(attributes)) {
  define(name, {
    get(this: Tensor) {
      return get(this);
    },
  });
}
for (const [name, run] of Object.entries(methods)) {
  define(name, {
    value(this: Tensor, ...args: never[]) {
      return run(this, ...args);
    },
    writable: true,
  });
}
// Every generated operator that has a method variant; hand-written ones win.
for (const [name, [operator, overloads]] of Object.entries(tensorMethods)) {
  if (name in Tensor.prototype) continue;
  define(name, { value: method(operator, overloads), writable: true });
}
