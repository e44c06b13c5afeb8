export { type DisplayHandle, display, type MimeBundle, markdown, show } from './display';
export { parameters } from './parameters';
export { train } from './training';
