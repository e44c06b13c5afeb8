/** What notebooks written for the tslab kernel import from 'tslab'. */
import { randomUUID } from 'node:crypto';
import { kernel } from '../../src/notebook/kernel';
import { kernelVersions } from './kernel-info';

/** Shows things below the cell. Bytes are sent as base64. */
export interface Display {
  javascript(text: string): void;
  html(text: string): void;
  markdown(text: string): void;
  latex(text: string): void;
  svg(text: string): void;
  png(bytes: Uint8Array): void;
  jpeg(bytes: Uint8Array): void;
  gif(bytes: Uint8Array): void;
  pdf(bytes: Uint8Array): void;
  text(text: string): void;
  /** Any mime type; of a JSON type, any value. */
  raw(mime: string, content: string | Uint8Array | object): void;
}

function displayIn(display_id?: string): Display {
  let shown = false;
  const raw: Display['raw'] = (mime, content) => {
    const value = content instanceof Uint8Array ? Buffer.from(content).toString('base64') : content;
    const transient = display_id === undefined ? {} : { display_id };
    kernel()?.display({ data: { [mime]: value }, metadata: {}, transient }, shown);
    shown = display_id !== undefined;
  };
  return {
    javascript: (text) => raw('text/javascript', text),
    html: (text) => raw('text/html', text),
    markdown: (text) => raw('text/markdown', text),
    latex: (text) => raw('text/latex', text),
    svg: (text) => raw('image/svg+xml', text),
    png: (bytes) => raw('image/png', bytes),
    jpeg: (bytes) => raw('image/jpeg', bytes),
    gif: (bytes) => raw('image/gif', bytes),
    pdf: (bytes) => raw('application/pdf', bytes),
    text: (text) => raw('text/plain', text),
    raw,
  };
}

/** What runs the notebook, as far as those who ask for tslab's version want to know. */
export const versions = {
  tslab: `Tandem ${kernelVersions.tandem}`,
  typescript: kernelVersions.typescript,
  node: process.versions.node,
};

/** Shows each thing in a place of its own. */
export const display: Display = displayIn();

/** Shows things in one place, each over the one before. */
export const newDisplay = (): Display => displayIn(randomUUID());
