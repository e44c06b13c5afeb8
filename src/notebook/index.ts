export { type DisplayHandle, display, markdown, type MimeBundle, show } from './display';
export { parameters } from './parameters';
export { train } from './training';
