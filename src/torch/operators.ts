import { method } from './dispatch';
import { tensorMethods } from './generated/methods';
import { Tensor } from './tensor';

/** Puts every generated operator that has a method variant on `Tensor`; hand-written ones win. */
for (const [name, [operator, overloads]] of Object.entries(tensorMethods)) {
  if (name in Tensor.prototype) continue;
  Object.defineProperty(Tensor.prototype, name, {
    value: method(operator, overloads),
    writable: true,
    configurable: true,
  });
}
