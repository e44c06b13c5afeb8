import { drawing, type Figure, isDrawable } from '../../plots';
import type { MimeBundle, Notebook } from '../notebook';
import { plotlyType } from './plotly-figures';

const svg = 'image/svg+xml';

/**
 * Replaces each figure with its static drawing, for formats without scripts; a figure without one is
 * drawn now. Figures that can't be drawn stay as they are.
 */
export function keepDrawings(notebook: Notebook): void {
  for (const { data } of notebook.cells.flatMap((cell) => cell.outputs ?? [])) {
    const bundle = data as MimeBundle | undefined;
    if (!bundle?.[plotlyType]) continue;
    bundle[svg] ??= drawn(bundle[plotlyType]);
    delete bundle[bundle[svg] ? plotlyType : svg];
  }
}

/** A notebook may contain a figure of any shape. */
const drawn = (figure: unknown): string | undefined => {
  const { data = [], layout = {} } = (figure ?? {}) as Partial<Figure>;
  try {
    // Half a figure would pass for a complete one.
    return data.every(isDrawable) ? drawing({ data, layout }) : undefined;
  } catch {
    return undefined;
  }
};
