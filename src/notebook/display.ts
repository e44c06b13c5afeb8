import { randomUUID } from 'node:crypto';
import type { DataFrame } from 'danfojs-node';
import type { Figure } from '../plots';
import { kernel } from './kernel';
import type { MimeBundle } from './mime';
import { resultBundle } from './results';

/** A part of a notebook's output that can be updated. */
export interface DisplayHandle {
  update(bundle: MimeBundle): void;
}

/** Shows a bundle below the cell; a plain script prints its text. */
export function display(bundle: MimeBundle): DisplayHandle {
  const display_id = randomUUID();
  const send = (data: MimeBundle, update: boolean) => {
    const target = kernel();
    if (target) target.display({ data, metadata: {}, transient: { display_id } }, update);
    else console.log(data['text/plain']);
  };
  send(bundle, false);
  return { update: (next) => send(next, true) };
}

/** Shows a figure, a data frame, or anything else that a cell's last line would show, below the cell. */
export function show(value: Figure | DataFrame | object): void {
  display(resultBundle(value) ?? { 'text/plain': String(value) });
}
