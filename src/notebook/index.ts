export { type DisplayHandle, display, show } from './display';
export { follow, type Standing } from './following';
export type { MimeBundle } from './mime';
export { parameters } from './parameters';
export { markdown, percent, showVerdicts } from './prose';
export { train } from './training';
