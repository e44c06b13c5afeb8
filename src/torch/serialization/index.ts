export type { FileLike } from './byte-source';
export { load } from './load';
export * as safetensors from './safetensors';
export { save } from './save';
export { device, dtype, layout, Named, type Saveable, Size, Tuple, tuple } from './values';
