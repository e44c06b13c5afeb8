import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { inProject } from '../../files/paths';
import { hasTag, type MimeBundle, type Notebook } from '../notebook';

export const plotlyType = 'application/vnd.plotly.v1+json';

/** The folder of plotly.js' bundles, and of the maps that it would fetch from a network. */
export const plotlyFolder = inProject('node_modules', 'plotly-bundles', 'dist');

/** The files that a page's figures need. */
export interface PlotlyParts {
  /** The file of the smallest bundle of plotly.js that draws all of them. */
  bundle: string;
  /** Outlines of land, by the names that plotly.js has for them. */
  maps: Record<string, unknown>;
  /** Whether they include tile maps, which a worker draws. */
  worker: boolean;
}

/** A figure from a cell's output; any part may have any shape. */
interface Figure {
  data: { type?: string; locationmode?: string; geo?: string }[];
  layout?: Record<string, Record<string, unknown> | undefined>;
}

/** The bundles by size; the last draws everything, and none of them evaluates strings as code. */
const bundles = ['basic', 'finance', 'geo', 'cartesian', 'gl3d', 'map', 'strict'] as const;

const tracesIn = (bundle: string): Set<string> => {
  const index = inProject('node_modules', 'plotly-bundles', 'lib', `index-${bundle}.js`);
  const parts = readFileSync(index, 'utf8').matchAll(
    /require\('(?:\.\/|\.\.\/src\/traces\/)(\w+)(?:\/strict)?'\)/g,
  );
  return new Set(['scatter', ...[...parts].map(([, part]) => part!)]);
};

let known: Map<string, Set<string>> | undefined;
const tracesByBundle = (): Map<string, Set<string>> => {
  known ??= new Map(bundles.map((bundle) => [bundle, tracesIn(bundle)]));
  return known;
};

/** Trace types that plotly.js has removed, and their replacements. */
const successors: Readonly<Record<string, string>> = {
  scattermapbox: 'scattermap',
  choroplethmapbox: 'choroplethmap',
  densitymapbox: 'densitymap',
  heatmapgl: 'heatmap',
  pointcloud: 'scattergl',
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A figure in the terms of this version of plotly.js.
 * @throws Error if it is not a figure, or has traces that plotly.js doesn't know.
 */
export function currentFigure(value: unknown): Figure {
  if (!isObject(value)) throw new Error('it is not an object with data and layout');
  const { data = [], layout = {} } = value;
  if (!Array.isArray(data)) throw new Error('its data is not a list of traces');
  const traces = data.map((trace, index) => {
    if (!isObject(trace)) throw new Error(`trace ${index + 1} of its data is not an object`);
    const { type = 'scatter', subplot, ...rest } = trace;
    const current = successors[String(type)] ?? String(type);
    if (!tracesByBundle().get('strict')!.has(current)) {
      throw new Error(`plotly.js ${plotlyVersion()} has no trace type ${JSON.stringify(type)}`);
    }
    const place = typeof subplot === 'string' ? { subplot: withoutMapbox(subplot) } : {};
    return { ...rest, ...place, type: current };
  });
  const renamed = Object.entries(isObject(layout) ? layout : {}).map(([key, part]) => [
    withoutMapbox(key),
    part,
  ]);
  return { ...value, data: traces, layout: Object.fromEntries(renamed) };
}

const withoutMapbox = (name: string): string => name.replace(/^mapbox(\d*)$/, 'map$1');

const plotlyVersion = (): string =>
  JSON.parse(readFileSync(inProject('node_modules', 'plotly-bundles', 'package.json'), 'utf8'))
    .version;

/** The files needed to draw figures; undefined if there are none. */
export function partsFor(figures: readonly Figure[]): PlotlyParts | undefined {
  if (figures.length === 0) return undefined;
  const types = new Set(figures.flatMap(({ data }) => data.map(({ type = 'scatter' }) => type)));
  const bundle = bundles.find((name) => {
    const traces = tracesByBundle().get(name)!;
    return [...types].every((type) => traces.has(type));
  });
  const names = new Set(figures.flatMap(mapsOf));
  return {
    bundle: `plotly-${bundle ?? 'strict'}.min.js`,
    maps: Object.fromEntries([...names].map((name) => [name, outlines()[name]])),
    worker: figures.some(isTiled),
  };
}

const isTiled = ({ data }: Figure): boolean =>
  data.some(({ type = '' }) => /^(scatter|choropleth|density)map$/.test(type));

/** The names of the outlines that a figure's maps show, as plotly.js makes them. */
const mapsOf = ({ data, layout = {} }: Figure): string[] => {
  const geos = new Set(
    data
      .filter(({ type }) => type === 'scattergeo' || type === 'choropleth')
      .map(({ geo = 'geo' }) => geo),
  );
  return [...geos].map((key) => {
    const own = layout[key] ?? {};
    const { projection } = own as { projection?: { type?: string } };
    const scope = projection?.type === 'albers usa' ? 'usa' : String(own.scope ?? 'world');
    return `${scope.replaceAll(' ', '-')}_${own.resolution === 50 ? 50 : 110}m`;
  });
};

let assets: Record<string, unknown> | undefined;
const outlines = (): Record<string, unknown> => {
  if (!assets) {
    // The file is a browser script.
    const window: { Plotly?: { topojson: Record<string, unknown> } } = {};
    runInNewContext(readFileSync(join(plotlyFolder, 'plotly-geo-assets.js'), 'utf8'), { window });
    assets = window.Plotly!.topojson;
  }
  return assets;
};

/**
 * Converts a notebook's figures to this version of plotly.js, and returns those that its page shows.
 * A figure that can't be drawn is replaced by a note, unless the cell's output also has a picture.
 */
export function prepareFigures(notebook: Notebook): Figure[] {
  const figures: Figure[] = [];
  for (const cell of notebook.cells) {
    for (const { data } of cell.outputs ?? []) {
      const bundle = data as MimeBundle | undefined;
      if (!bundle || !(plotlyType in bundle)) continue;
      try {
        const figure = currentFigure(bundle[plotlyType]);
        bundle[plotlyType] = isTiled(figure) ? { ...figure, tiled: true } : figure;
        if (!hasTag(cell, 'remove-cell') && !hasTag(cell, 'remove-output')) figures.push(figure);
      } catch (error) {
        if (pictures.some((type) => bundle[type])) delete bundle[plotlyType];
        else bundle[plotlyType] = { data: [], problem: (error as Error).message };
      }
    }
  }
  return figures;
}

const pictures = ['image/svg+xml', 'image/png', 'image/jpeg', 'text/html'];
