import { type Args, bind, type Callee } from '../arguments';
import type { Tensor } from '../tensor';
import type { Constraint } from './constraints';
import { Distribution, type Param, type Validation } from './distribution';
import { broadcastAll } from './parameters';

type Constraints = Readonly<Record<string, Constraint>>;
type Base<D> = abstract new () => D;

/** @internal */
export interface Described {
  readonly argConstraints: Constraints;
  readonly support: Constraint;
}
/** @internal Exported so that declarations name it: a mapped property may be overridden by an accessor. */
export type With<Parameters, D> = Described & D & { readonly [Name in keyof Parameters]: Tensor };

/** What holds for all distributions of a class: Python's class attributes. */
interface Traits {
  support?: Constraint;
  hasRsample?: boolean;
  hasEnumerateSupport?: boolean;
  /** How a parameter that was not given comes from the one that was. */
  computed?: Readonly<Record<string, (given: { probs: Tensor; logits: Tensor }) => Tensor>>;
}

/**
 * The base of a class of distributions: its parameters, each a property, what each must be, and its traits. The
 * class's constructor calls `setUp`, or is that of {@link family}.
 */
export function parametric<P extends Constraints, D extends Distribution = Distribution>(
  parameters: P,
  { computed, ...traits }: Traits,
  base: Base<D> = Distribution as never,
): Base<With<P, D>> {
  abstract class Parametric extends (base as Base<Distribution>) {}
  for (const [name, value] of Object.entries({ ...traits, argConstraints: parameters })) {
    Object.defineProperty(Parametric.prototype, name, { value });
  }
  for (const name of Object.keys(parameters)) {
    Object.defineProperty(Parametric.prototype, name, {
      get() {
        return this.parameter(name, computed && (() => computed[name]!(this)));
      },
    });
  }
  return Parametric as never;
}

/** {@link parametric} with a constructor that takes all parameters in their order and broadcasts them. */
export function family<
  Name extends Callee,
  P extends Constraints,
  D extends Distribution = Distribution,
>(
  name: Name,
  parameters: P,
  traits: Traits,
  base?: Base<D>,
): abstract new (
  ...args: Args<Name, { [Each in keyof P]: Param }, Validation>
) => With<P, D> {
  abstract class Family extends (parametric(parameters, traits, base) as Base<Distribution>) {
    constructor(...args: unknown[]) {
      super();
      const { validateArgs, ...given } = bind<Record<string, Param> & Validation>(name, args);
      this.setUp(broadcastAll(given), { validateArgs });
    }
  }
  return Family as never;
}
