import { isOptions } from '../dispatch';

/** How arrays, records and Maps are nested; null is a leaf. */
export type Spec = {
  readonly keys: readonly unknown[];
  readonly kind: string;
  readonly inner: Spec[];
} | null;

/** A value that holds others: its keys and values. */
function parts(value: unknown): { kind: string; keys: unknown[]; values: unknown[] } | null {
  if (Array.isArray(value)) return { kind: 'array', keys: [...value.keys()], values: value };
  if (value instanceof Map) {
    return { kind: 'Map', keys: [...value.keys()], values: [...value.values()] };
  }
  if (!isOptions(value)) return null;
  return { kind: 'object', keys: Object.keys(value), values: Object.values(value) };
}

/** The leaves of a nested value in order, and how they are nested (`torch.utils._pytree.tree_flatten`). */
export function flatten(tree: unknown): [leaves: unknown[], spec: Spec] {
  const found = parts(tree);
  if (!found) return [[tree], null];
  const inner = found.values.map(flatten);
  return [
    inner.flatMap(([leaves]) => leaves),
    { kind: found.kind, keys: found.keys, inner: inner.map(([, spec]) => spec) },
  ];
}

export function unflatten(leaves: readonly unknown[], spec: Spec): unknown {
  const rest = leaves.values();
  const build = (of: Spec): unknown => {
    if (!of) return rest.next().value;
    const values = of.inner.map(build);
    if (of.kind === 'array') return values;
    const entries = of.keys.map((key, i) => [key, values[i]] as const);
    return of.kind === 'Map' ? new Map(entries) : Object.fromEntries(entries);
  };
  return build(spec);
}

/** A value of each leaf; the same nesting. */
export function treeMap(fn: (leaf: unknown) => unknown, tree: unknown): unknown {
  const [leaves, spec] = flatten(tree);
  return unflatten(leaves.map(fn), spec);
}

/** One value for each leaf, where the tree has leaves above those of the spec; null if it does not fit. */
export function broadcast(tree: unknown, spec: Spec): unknown[] | null {
  const found = parts(tree);
  if (!spec) return found ? null : [tree];
  if (!found) return spec.inner.flatMap((inner) => broadcast(tree, inner)!);
  const own = JSON.stringify(found.keys) === JSON.stringify(spec.keys) && found.kind === spec.kind;
  if (!own) return null;
  const each = spec.inner.map((inner, i) => broadcast(found.values[i], inner));
  return each.some((part) => part === null) ? null : each.flat();
}

export const sameSpec = (a: Spec, b: Spec): boolean => JSON.stringify(a) === JSON.stringify(b);

/** As Python prints a spec, with `*` for a leaf. */
export function specText(spec: Spec): string {
  if (!spec) return '*';
  const inner = spec.inner.map(specText);
  if (spec.kind === 'array') return `(${inner.join(', ')}${inner.length === 1 ? ',' : ''})`;
  return `{${spec.keys.map((key, i) => `'${key}': ${inner[i]}`).join(', ')}}`;
}
