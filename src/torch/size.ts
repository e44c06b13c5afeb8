import { Size as SizeClass } from './serialization/values';

interface SizeConstructor {
  (sizes: Iterable<number>): SizeClass;
  new (sizes: Iterable<number>): SizeClass;
  readonly prototype: SizeClass;
}

export type Size = SizeClass;
/** A tuple of sizes (`torch.Size`), with or without `new`; a tensor's own `shape` is a plain array. */
export const Size = function Size(sizes: Iterable<number>): SizeClass {
  return SizeClass.from(sizes) as SizeClass;
} as unknown as SizeConstructor;
Object.defineProperty(Size, 'prototype', { value: SizeClass.prototype });
