import { drawing, type Figure, isDrawable } from '../plots';
import type { MimeBundle, Notebook } from './notebook';
import { plotlyType } from './plotly-figures';

const svg = 'image/svg+xml';

/**
 * Leaves of each figure the drawing that it carries, for what runs no scripts; one that carries none
 * is drawn now. What can't be drawn stays as it is.
 */
export function keepDrawings(notebook: Notebook): void {
  for (const { data } of notebook.cells.flatMap((cell) => cell.outputs ?? [])) {
    const bundle = data as MimeBundle | undefined;
    if (!bundle?.[plotlyType]) continue;
    bundle[svg] ??= drawn(bundle[plotlyType]);
    delete bundle[bundle[svg] ? plotlyType : svg];
  }
}

/** A figure of any shape may stand in a notebook. */
const drawn = (figure: unknown): string | undefined => {
  const { data = [], layout = {} } = (figure ?? {}) as Partial<Figure>;
  try {
    // A part of it would pass for the whole.
    return data.every(isDrawable) ? drawing({ data, layout }) : undefined;
  } catch {
    return undefined;
  }
};
