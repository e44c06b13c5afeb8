export type { FileLike } from './byte-source';
export { type LoadOptions, load, type MapLocation } from './load';
export {
  addSafeGlobals,
  clearSafeGlobals,
  getSafeGlobals,
  type SafeClass,
  type SafeEntry,
} from './safe-globals';
export * as safetensors from './safetensors';
export { save } from './save';
export { device, dtype, layout, Named, type Saveable, Size, Tuple, tuple } from './values';
