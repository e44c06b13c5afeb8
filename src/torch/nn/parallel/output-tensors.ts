import { Tensor } from '../../tensor';

const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype;

/** The tensors in what a module returns: itself, or those in its arrays, maps and plain objects. */
export function findTensors(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(findTensors);
  if (value instanceof Map) return [...value.values()].flatMap(findTensors);
  if (typeof value === 'object' && value !== null && isPlain(value)) {
    return Object.values(value).flatMap(findTensors);
  }
  return [];
}

/** The same value with others in place of its tensors. */
export function replaceTensors(value: unknown, other: (tensor: Tensor) => unknown): unknown {
  const each = (item: unknown) => replaceTensors(item, other);
  if (value instanceof Tensor) return other(value);
  if (Array.isArray(value)) return value.map(each);
  if (value instanceof Map) return new Map(Array.from(value, ([key, item]) => [key, each(item)]));
  if (typeof value === 'object' && value !== null && isPlain(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, each(item)]));
  }
  return value;
}
