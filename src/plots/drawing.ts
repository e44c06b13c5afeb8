import { escapeHtml } from './escape';
import { type Figure, ink } from './figure';
import { colourOf, dashOf, mark, pngSize, type Scale, short, type Trace } from './marks';
import { tickStep } from './series';

/** The fields of a Plotly axis that a drawing uses. */
interface Axis {
  readonly type?: string;
  readonly title?: { readonly text?: string } | string;
  readonly domain?: readonly [number, number];
  readonly range?: readonly [number, number];
  readonly autorange?: boolean | string;
  readonly rangemode?: string;
  readonly tickformat?: string;
  readonly dtick?: number;
  readonly visible?: boolean;
  readonly scaleanchor?: string;
  readonly showticklabels?: boolean;
  readonly showgrid?: boolean;
}

interface Note {
  readonly text?: string;
  readonly xref?: string;
  readonly x?: number;
  readonly y?: number;
}

type Value = number | string;

/** One pair of axes with all that is drawn on it. */
interface Panel {
  readonly suffix: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly traces: readonly { trace: Trace; index: number }[];
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Drawing {
  readonly width?: number;
  readonly height?: number;
  /** The marks alone, without any text, as a thumbnail shows them. */
  readonly bare?: boolean;
  /** Colour of texts, any that CSS knows; by default that of a file of its own, light or dark. */
  readonly ink?: string;
}

const plain = (text = '') => text.replace(/<[^>]*>/g, '');
const titleOf = (title: Axis['title']) => plain(typeof title === 'string' ? title : title?.text);

/** Whether there are marks for a trace. */
export const isDrawable = ({ type = 'scatter' }: { readonly type?: string }): boolean =>
  ['scatter', 'bar', 'heatmap', 'image'].includes(type);

function panels({ data, layout }: Pick<Figure, 'data' | 'layout'>): Panel[] {
  const axes = layout as Record<string, unknown>;
  const traces = (data as unknown as Trace[])
    .map((trace, index) => ({ trace, index }))
    .filter(({ trace }) => isDrawable(trace));
  const suffixOf = ({ trace }: { trace: Trace }) => (trace.xaxis ?? 'x').replace(/\D/g, '');
  return [...new Set(traces.map(suffixOf))].sort().map((suffix) => ({
    suffix,
    x: (axes[`xaxis${suffix}`] ?? {}) as Axis,
    y: (axes[`yaxis${suffix}`] ?? {}) as Axis,
    traces: traces.filter((entry) => suffixOf(entry) === suffix),
  }));
}

const count = (length: number) => Array.from({ length }, (_, i) => i);

/** All values that a trace has along an axis, in which bars begin at zero. */
function valuesOf(trace: Trace, side: 'x' | 'y'): readonly Value[] {
  if (trace.type === 'image') {
    const size = pngSize(trace.source);
    return size ? [-0.5, (side === 'x' ? size.width : size.height) - 0.5] : [];
  }
  const given = trace[side];
  if (trace.z) return given ?? count(side === 'x' ? (trace.z[0]?.length ?? 0) : trace.z.length);
  if (side === 'y' && trace.type === 'bar') {
    const base = Array.isArray(trace.base) ? (trace.base as number[]) : [0];
    return [...base, ...(given ?? []).map((value, i) => (base[i] ?? 0) + Number(value))];
  }
  if (side === 'y') return given ?? [];
  return given ?? count(trace.y?.length ?? 0);
}

/** Where an axis begins and ends, in its own values; names stand at 0, 1, 2 …, a log axis in powers of ten. */
interface Span {
  readonly names?: readonly string[];
  readonly log?: boolean;
  readonly from: number;
  readonly to: number;
}

function span(all: readonly Panel[], side: 'x' | 'y'): Span {
  const axis = all[0]![side];
  const traces = all.flatMap((panel) => panel.traces.map(({ trace }) => trace));
  const values = traces.flatMap((trace) => valuesOf(trace, side));
  const log = axis.type === 'log';
  if (Array.isArray(axis.range)) {
    return { log, from: Number(axis.range[0]), to: Number(axis.range[1]) };
  }
  const filled = traces.some(({ type }) => type === 'heatmap' || type === 'bar');
  let result: Span;
  if (values.some((value) => typeof value === 'string')) {
    const names = [...new Set(values.filter((value) => typeof value === 'string'))];
    result = { names, from: -0.5, to: names.length - 0.5 };
  } else {
    const numbers = (values as number[]).map(log ? Math.log10 : Number).filter(Number.isFinite);
    const low =
      axis.rangemode === 'tozero' ? 0 : numbers.reduce((a, b) => Math.min(a, b), Infinity);
    const high = numbers.reduce((a, b) => Math.max(a, b), -Infinity);
    const room = filled && side === 'x' ? 0.5 : 0.05 * (high - low || 1);
    const grounded = low === 0 && side === 'y' && !log;
    result = { log, from: grounded ? 0 : low - room, to: high + room };
  }
  return axis.autorange === 'reversed' ? { ...result, from: result.to, to: result.from } : result;
}

const position =
  ({ names, log, from, to }: Span, start: number, length: number) =>
  (value: Value) => {
    const number = log ? Math.log10(Number(value)) : Number(value);
    const place = names ? names.indexOf(String(value)) : number;
    return start + length * ((place - from) / (to - from));
  };

interface Tick {
  readonly value: Value;
  readonly text: string;
}

const raised = (power: number) =>
  [...String(power)].map((mark) => (mark === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(mark)])).join('');

function ticks({ names, log, from, to }: Span, axis: Axis, most: number): Tick[] {
  if (names) {
    const every = Math.ceil(names.length / most);
    return names.filter((_, i) => i % every === 0).map((name) => ({ value: name, text: name }));
  }
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  if (!(high > low)) return [];
  const step = Math.max(tickStep(high - low, most), axis.dtick ?? 0, log ? 1 : 0);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const show = (value: number) =>
    axis.tickformat?.endsWith('%')
      ? `${Number((100 * value).toFixed(2))}%`
      : value.toLocaleString('en', {
          minimumFractionDigits: digits,
          maximumFractionDigits: digits,
        });
  const first = Math.ceil(low / step - 1e-9);
  return count(Math.floor(high / step + 1e-9) - first + 1).map((i) => {
    const value = (first + i) * step;
    return log ? { value: 10 ** value, text: `10${raised(value)}` } : { value, text: show(value) };
  });
}

/** Width of a tick label on the x axis. */
const widest = ({ names }: Span) =>
  names ? 10 + 7 * Math.max(...names.map((name) => name.length)) : 60;

/** The part of a box in which both axes have the same scale: its upper left, or its middle. */
function proportioned(box: Box, x: Span, y: Span, centred: boolean): Box {
  const unit = Math.min(box.width / Math.abs(x.to - x.from), box.height / Math.abs(y.to - y.from));
  const [width, height] = [unit * Math.abs(x.to - x.from), unit * Math.abs(y.to - y.from)];
  const half = centred ? 0.5 : 0;
  return {
    left: box.left + half * (box.width - width),
    top: box.top + half * (box.height - height),
    width,
    height,
  };
}

function drawPanel(
  panel: Panel,
  spans: { x: Span; y: Span },
  box: Box,
  notes: readonly Note[],
  bare: boolean,
): string {
  const area = panel.y.scaleanchor ? proportioned(box, spans.x, spans.y, bare) : box;
  const bottom = area.top + area.height;
  const right = area.left + area.width;
  const scale: Scale = {
    x: position(spans.x, area.left, area.width),
    y: position(spans.y, bottom, -area.height),
  };
  const bars = panel.traces.filter(({ trace }) => trace.type === 'bar');
  const marks = panel.traces.map(({ trace, index }) =>
    mark(trace, scale, {
      index,
      labelled: !bare,
      bar: { at: bars.findIndex((bar) => bar.index === index), of: bars.length },
    }),
  );
  const seen = panel.x.visible !== false;
  const yTicks = seen ? ticks(spans.y, panel.y, spans.y.names ? area.height / 18 : 5) : [];
  const xTicks = seen ? ticks(spans.x, panel.x, Math.max(3, area.width / widest(spans.x))) : [];
  const rules =
    panel.y.showgrid === false
      ? []
      : yTicks.map(({ value }) => {
          const y = short(scale.y(value));
          return `<path d="M${short(area.left)} ${y}H${short(right)}" stroke="#888" stroke-opacity=".25"/>`;
        });
  if (bare) return rules.join('') + marks.join('');
  const labels = [
    ...(panel.y.showticklabels === false ? [] : yTicks).map(
      ({ value, text }) =>
        `<text x="${short(area.left - 8)}" y="${short(scale.y(value) + 4)}" text-anchor="end">${escapeHtml(text)}</text>`,
    ),
    ...xTicks.map(
      ({ value, text }) =>
        `<text x="${short(scale.x(value))}" y="${short(bottom + 18)}" text-anchor="middle">${escapeHtml(text)}</text>`,
    ),
  ];
  const [xTitle, yTitle] = [titleOf(panel.x.title), titleOf(panel.y.title)].map(escapeHtml);
  const titles = [
    seen && xTitle
      ? `<text x="${short(area.left + area.width / 2)}" y="${short(bottom + 38)}" text-anchor="middle">${xTitle}</text>`
      : '',
    seen && yTitle
      ? `<text transform="translate(${short(area.left - 46)} ${short(area.top + area.height / 2)}) rotate(-90)" text-anchor="middle">${yTitle}</text>`
      : '',
  ];
  const own = notes.filter(({ xref = 'x' }) => xref.replace(/\D/g, '') === panel.suffix);
  const written = own.map(({ text = '', xref = '', x = 0, y = 0 }) => {
    const inside = xref.includes('domain');
    const lines = text.split('<br>').map(plain);
    const left = inside ? area.left + x * area.width : scale.x(x);
    const top = (inside ? bottom - y * area.height : scale.y(y)) - 6 - 14 * (lines.length - 1);
    return `<text y="${short(top)}" text-anchor="${inside ? 'start' : 'middle'}"${inside ? ' font-weight="600"' : ''}>${lines
      .map(
        (part, i) => `<tspan x="${short(left)}"${i ? ' dy="14"' : ''}>${escapeHtml(part)}</tspan>`,
      )
      .join('')}</text>`;
  });
  return [...rules, ...marks, ...labels, ...titles, ...written].join('');
}

/** The legend's rows, and their height. */
function legend(
  traces: readonly Trace[],
  left: number,
  top: number,
  width: number,
): { svg: string; height: number } {
  const named = traces.flatMap((trace, index) =>
    trace.name && trace.showlegend !== false && /^(scatter|bar)?$/.test(trace.type ?? '')
      ? [{ trace, index, name: plain(trace.name) }]
      : [],
  );
  if (named.length < 2) return { svg: '', height: 0 };
  named.sort((a, b) => (a.trace.legendrank ?? 1000) - (b.trace.legendrank ?? 1000));
  let [x, y] = [left, top];
  const entries = named.map(({ trace, index, name }) => {
    const length = 46 + 6.4 * name.length;
    if (x > left && x + length > left + width) [x, y] = [left, y + 20];
    const paint = colourOf(trace, index);
    const sample =
      trace.type === 'bar'
        ? `<rect x="${x}" y="${y - 9}" width="12" height="12" fill="${paint}"/>`
        : `<path d="M${x} ${y - 4}h24" stroke="${paint}" stroke-width="2.5"${dashOf(trace)}/>`;
    const entry = `${sample}<text x="${x + 30}" y="${y}">${escapeHtml(name)}</text>`;
    x += length;
    return entry;
  });
  return { svg: entries.join(''), height: y - top + 26 };
}

/** Styles for a drawing in a file of its own, which follow the browser's colour scheme. */
const fileStyle =
  '<style>:root{fill:#3f464d}@media(prefers-color-scheme:dark){:root{fill:#b4bcc4}}</style>';

/**
 * A figure as an SVG drawing that needs no script: lines, bars, heat maps and images, with axes,
 * titles and legend. Everything else that Plotly can draw is left out; undefined if nothing is left.
 */
export function drawing(
  figure: Pick<Figure, 'data' | 'layout'> & { readonly summary?: string },
  { width = 720, height = figure.layout.height ?? 400, bare = false, ...options }: Drawing = {},
): string | undefined {
  const all = panels(figure);
  if (all.length === 0) return undefined;
  const title = escapeHtml(titleOf(figure.layout.title as Axis['title']));
  const notes = (figure.layout.annotations ?? []) as Note[];
  const visible = all[0]!.x.visible !== false;
  const left = bare ? 8 : visible ? 68 : 12;
  const names = bare
    ? { svg: '', height: 0 }
    : legend(
        all.flatMap(({ traces }) => traces.map(({ trace }) => trace)),
        left,
        title ? 52 : 20,
        width - left,
      );
  const above = bare
    ? 8
    : (title ? 40 : 10) + names.height + (notes.some(({ xref }) => xref?.includes('d')) ? 20 : 0);
  const inner = {
    left,
    top: above,
    width: width - left - (bare ? 8 : 16),
    height: height - above - (bare ? 8 : visible ? 50 : 10),
  };
  const shared = all.length > 1 && all.some(({ y }) => 'matches' in y);
  const drawn = all.map((panel) => {
    const [from = 0, to = 1] = panel.x.domain ?? [];
    const box = {
      ...inner,
      left: inner.left + from * inner.width,
      width: (to - from) * inner.width,
    };
    const spans = { x: span([panel], 'x'), y: span(shared ? all : [panel], 'y') };
    return drawPanel(panel, spans, box, notes, bare);
  });
  if (!drawn.some((svg) => /<(path|rect|circle|image)/.test(svg))) return undefined;
  const heading =
    title && !bare ? `<text x="12" y="26" font-size="16" font-weight="600">${title}</text>` : '';
  const label = figure.summary
    ? `aria-label="${escapeHtml(figure.summary)}"`
    : 'aria-hidden="true"';
  const look = options.ink ?? (bare ? ink : undefined);
  const [fill, style] = look ? [` fill="${escapeHtml(look)}"`, ''] : ['', fileStyle];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" ${label} font-family="system-ui, sans-serif" font-size="12.5"${fill}>${style}${heading}${names.svg}${drawn.join('')}</svg>`;
}
