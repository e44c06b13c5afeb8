import { TorchError } from '../errors';
import type { Constraint } from './constraints';
import * as constraints from './constraints';
import type { Transform } from './transforms';
import * as transforms from './transforms';

// biome-ignore lint/suspicious/noExplicitAny: a constraint of any settings.
type ConstraintClass = new (...args: any[]) => Constraint;
type Factory<C extends Constraint> = (constraint: C) => Transform;

/**
 * From a constraint to a transform onto its region from all real numbers
 * (`torch.distributions.constraint_registry.ConstraintRegistry`): `registry.call(constraint)`.
 */
export class ConstraintRegistry {
  private readonly factories = new Map<unknown, Factory<never>>();

  /** Says what makes the transform for a class of constraints, or one of these. */
  register<C extends Constraint>(
    constraint: C | (new (...args: never[]) => C),
    factory: Factory<C>,
  ): Factory<C> {
    const key = typeof constraint === 'function' ? constraint : constraint.constructor;
    this.factories.set(key, factory as Factory<never>);
    return factory;
  }

  /** Throws TorchError (NotImplementedError) for a constraint that has no transform here. */
  call(constraint: Constraint): Transform {
    const factory = this.factories.get(constraint.constructor as ConstraintClass);
    if (factory) return factory(constraint as never);
    throw new TorchError(
      `Cannot transform ${constraint.constructor.name} constraints`,
      'NotImplementedError',
    );
  }
}

/** Bijections onto constraints' regions (`biject_to`). */
export const bijectTo = new ConstraintRegistry();
/** Transforms onto constraints' regions that need not be bijections, for optimizing (`transform_to`). */
export const transformTo = new ConstraintRegistry();

const { AffineTransform, ComposeTransform, ExpTransform, SigmoidTransform } = transforms;

for (const registry of [bijectTo, transformTo]) {
  registry.register(constraints.Real, () => transforms.identityTransform);
  registry.register(
    constraints.Independent,
    ({ baseConstraint, reinterpretedBatchNdims }) =>
      new transforms.IndependentTransform(registry.call(baseConstraint), reinterpretedBatchNdims),
  );
  registry.register(
    constraints.GreaterThan,
    ({ lowerBound }) =>
      new ComposeTransform([new ExpTransform(), new AffineTransform(lowerBound!, 1)]),
  );
  registry.register(
    constraints.LessThan,
    ({ upperBound }) =>
      new ComposeTransform([new ExpTransform(), new AffineTransform(upperBound!, -1)]),
  );
  registry.register(constraints.Interval, ({ lowerBound: low, upperBound: high }) => {
    if (low === 0 && high === 1) return new SigmoidTransform();
    const scale =
      typeof high === 'number'
        ? typeof low === 'number'
          ? high - low
          : low!.neg().add(high)
        : high!.sub(low!);
    return new ComposeTransform([new SigmoidTransform(), new AffineTransform(low!, scale)]);
  });
  registry.register(constraints.CorrCholesky, () => new transforms.CorrCholeskyTransform());
  registry.register(
    constraints.Cat,
    ({ parts, dim, lengths }) =>
      new transforms.CatTransform(
        parts.map((part) => registry.call(part)),
        dim,
        lengths,
      ),
  );
  registry.register(
    constraints.Stack,
    ({ parts, dim }) =>
      new transforms.StackTransform(
        parts.map((part) => registry.call(part)),
        dim,
      ),
  );
}
bijectTo.register(constraints.Simplex, () => new transforms.StickBreakingTransform());
transformTo.register(constraints.Simplex, () => new transforms.SoftmaxTransform());
transformTo.register(constraints.LowerCholesky, () => new transforms.LowerCholeskyTransform());
for (const matrices of [constraints.PositiveDefinite, constraints.PositiveSemidefinite]) {
  transformTo.register(matrices, () => new transforms.PositiveDefiniteTransform());
}
