import { escapeHtml } from './escape';
import { colors, otherColors } from './figure';

/** The fields of a Plotly trace that a drawing uses. */
export interface Trace {
  readonly type?: string;
  readonly name?: string;
  readonly mode?: string;
  readonly xaxis?: string;
  readonly yaxis?: string;
  readonly x?: readonly (number | string)[];
  readonly y?: readonly (number | string)[];
  readonly z?: readonly (readonly (number | null)[])[];
  /** Where each bar begins, in place of zero. */
  readonly base?: readonly number[];
  readonly text?: readonly (readonly (string | null)[])[];
  readonly source?: string;
  readonly opacity?: number;
  readonly showlegend?: boolean;
  readonly legendrank?: number;
  readonly texttemplate?: string;
  readonly colorscale?: readonly (readonly [number, string])[];
  readonly zmin?: number;
  readonly zmax?: number;
  readonly line?: { readonly color?: string; readonly width?: number; readonly dash?: string };
  readonly marker?: { readonly color?: string };
}

/** Maps a trace's values to positions in the drawing. */
export interface Scale {
  readonly x: (value: number | string) => number;
  readonly y: (value: number | string) => number;
}

/** A coordinate, rounded to what a screen shows. */
export const short = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toFixed(1))) : '0';

/** A colour that is safe in an attribute. */
const colour = (given: unknown, fallback: string): string =>
  typeof given === 'string' && /^[#\w(),.% ]+$/.test(given) ? given : fallback;

const palette = [colors.tensorflow, colors.pytorch, ...otherColors];

/** The colour of a trace's line or bars; `index` counts the traces. */
export const colourOf = (trace: Trace, index: number): string =>
  colour(trace.line?.color ?? trace.marker?.color, palette[index % palette.length]!);

const dashes: Record<string, string> = { dash: '7 5', dot: '2 4', dashdot: '7 4 2 4' };
export const dashOf = (trace: Trace): string => {
  const dash = dashes[trace.line?.dash ?? ''];
  return dash ? ` stroke-dasharray="${dash}"` : '';
};

function line(trace: Trace, index: number, scale: Scale): string {
  const { x = [], y = [], mode = 'lines', opacity = 1 } = trace;
  const points = y.flatMap((value, i) => {
    const place = [scale.x(x[i] ?? i), scale.y(value)] as const;
    return place.every(Number.isFinite) ? [place.map(short).join(' ')] : [];
  });
  const paint = colourOf(trace, index);
  const faint = opacity < 1 ? ` opacity="${short(Number(opacity))}"` : '';
  const path =
    mode.includes('lines') && points.length > 1
      ? `<path d="M${points.join('L')}" fill="none" stroke="${paint}" stroke-width="${short(trace.line?.width ?? 2)}" stroke-linejoin="round"${dashOf(trace)}${faint}/>`
      : '';
  const dots =
    mode.includes('markers') && points.length <= 60
      ? points.map((point) => {
          const [cx, cy] = point.split(' ');
          return `<circle cx="${cx}" cy="${cy}" r="3" fill="${paint}"${faint}/>`;
        })
      : [];
  return path + dots.join('');
}

function bars(
  trace: Trace,
  index: number,
  scale: Scale,
  share: { at: number; of: number },
): string {
  const { x = [], y = [] } = trace;
  const step = Math.abs(scale.x(x[1] ?? 1) - scale.x(x[0] ?? 0)) || 20;
  const width = (0.72 * step) / share.of;
  const rects = y.map((value, i) => {
    const left = scale.x(x[i] ?? i) - 0.36 * step + share.at * width;
    const base = trace.base?.[i] ?? 0;
    const [from, to] = [scale.y(base), scale.y(base + Number(value))];
    return `<rect x="${short(left)}" y="${short(Math.min(from, to))}" width="${short(width * 0.92)}" height="${short(Math.abs(to - from))}"/>`;
  });
  return `<g fill="${colourOf(trace, index)}">${rects.join('')}</g>`;
}

const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** A colour between the ends of a scale; undefined if it is invisible. */
function shade(trace: Trace, share: number): string | undefined {
  const stops = Array.isArray(trace.colorscale) ? trace.colorscale.map(([, value]) => value) : [];
  const [low = '#dcebf7', high = '#1f6fad'] = stops.length > 1 ? [stops[0], stops.at(-1)] : [];
  if (![low, high].every((value) => /^#[\da-f]{6}$/i.test(value))) return undefined;
  const [from, to] = [channels(low), channels(high)];
  return `rgb(${from.map((value, i) => Math.round(value + (to[i]! - value) * share)).join(',')})`;
}

function cells(trace: Trace, scale: Scale, labelled: boolean): string {
  const { z = [] } = trace;
  const values = z.flat().filter((value): value is number => typeof value === 'number');
  if (values.length > 5000) return '';
  const low = trace.zmin ?? values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = trace.zmax ?? values.reduce((a, b) => Math.max(a, b), -Infinity);
  const x = (i: number) => scale.x(trace.x?.[i] ?? i);
  const y = (i: number) => scale.y(trace.y?.[i] ?? i);
  const [width, height] = [Math.abs(x(1) - x(0)), Math.abs(y(1) - y(0))];
  return z
    .flatMap((row, i) =>
      row.map((value, j) => {
        if (value === null) return '';
        const share = Math.min(1, Math.max(0, (value - low) / (high - low || 1)));
        const fill = shade(trace, share);
        if (!fill) return '';
        const rect = `<rect x="${short(x(j) - width / 2 + 0.5)}" y="${short(y(i) - height / 2 + 0.5)}" width="${short(width - 1)}" height="${short(height - 1)}" fill="${fill}"/>`;
        const text = labelled && trace.texttemplate ? trace.text?.[i]?.[j] : undefined;
        if (!text) return rect;
        return `${rect}<text x="${short(x(j))}" y="${short(y(i) + 4)}" text-anchor="middle" font-size="11" fill="${share > 0.55 ? '#fff' : '#222'}">${escapeHtml(String(text))}</text>`;
      }),
    )
    .join('');
}

/** Width and height of a PNG in a data address. */
export function pngSize(source = ''): { width: number; height: number } | undefined {
  const [, base64] = /^data:image\/png;base64,([\w+/=]+)$/.exec(source) ?? [];
  if (!base64) return undefined;
  const bytes = Buffer.from(base64.slice(0, 64), 'base64');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function picture(trace: Trace, scale: Scale): string {
  const size = pngSize(trace.source);
  if (!size) return '';
  const [left, top] = [scale.x(-0.5), scale.y(-0.5)];
  const width = scale.x(size.width - 0.5) - left;
  const height = scale.y(size.height - 0.5) - top;
  return `<image href="${trace.source}" x="${short(left)}" y="${short(top)}" width="${short(width)}" height="${short(height)}" preserveAspectRatio="none" style="image-rendering:pixelated"/>`;
}

/** A trace as SVG; empty for a kind that isn't drawn. */
export function mark(
  trace: Trace,
  scale: Scale,
  place: { index: number; bar: { at: number; of: number }; labelled: boolean },
): string {
  switch (trace.type ?? 'scatter') {
    case 'scatter':
      return line(trace, place.index, scale);
    case 'bar':
      return bars(trace, place.index, scale, place.bar);
    case 'heatmap':
      return cells(trace, scale, place.labelled);
    case 'image':
      return picture(trace, scale);
    default:
      return '';
  }
}
