import { type Cell, executedCells, joined, type Notebook, type Output } from '../notebook';

/** A cell whose output differs from the recorded run's. */
export interface Difference {
  /** The cell's ordinal among the executed cells, from 1. */
  cell: number;
  /** Where in the output: `text`, a MIME type, or a path inside a figure's data. */
  where: string;
  recorded: string;
  found: string;
}

/** nbval's tag for a cell whose output may vary. */
const ignoreTag = 'nbval-ignore-output';

/**
 * The differences between a run's outputs and a recorded run's, at most one for each cell.
 *
 * Texts are equal where their words are and each number a is near its counterpart b: |a - b| is at
 * most `tolerance` · max(1, |a|, |b|). The same holds for the numbers of figures. Times of day and
 * durations (`12.5 s`, `0:25 min`, `31 steps/s`) vary from run to run and are left out, pictures
 * are not looked into, and cells tagged `nbval-ignore-output` are not compared.
 */
export function differences(recorded: Notebook, found: Notebook, tolerance: number): Difference[] {
  const before = executedCells(recorded);
  const after = executedCells(found);
  if (before.length !== after.length) {
    const cells = (list: readonly Cell[]) => `${list.length} cells`;
    return [{ cell: 1, where: 'notebook', recorded: cells(before), found: cells(after) }];
  }
  return after.flatMap((cell, index) => {
    if (cell.metadata.tags?.includes(ignoreTag)) return [];
    const difference = firstDifference(contents(before[index]!), contents(cell), tolerance);
    return difference ? [{ cell: index + 1, ...difference }] : [];
  });
}

type Place = Omit<Difference, 'cell'>;

/** A part of an output with its kind: `text`, or a MIME type. */
type Part = [kind: string, content: unknown];

const contents = (cell: Cell): Part[] => {
  const parts: Part[] = [];
  for (const output of cell.outputs ?? []) {
    const [kind, content] = contentOf(output);
    const last = parts.at(-1);
    // How a stream is split into messages depends on timing.
    if (kind === 'stream' && last?.[0] === kind) last[1] = `${last[1]}${content}`;
    else if (kind === 'data') parts.push(...bundle(content as Record<string, unknown>));
    else parts.push([kind, content]);
  }
  return parts;
};

const contentOf = (output: Output): Part => {
  if (output.output_type === 'stream') return ['stream', joined(output.text)];
  if (output.output_type === 'error') {
    return ['error', `${joined(output.ename)}: ${joined(output.evalue)}`];
  }
  return ['data', output.data ?? {}];
};

const bundle = (data: Record<string, unknown>): Part[] =>
  Object.entries(data)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([mime, value]) => [mime, isText(mime) ? joined(value) : value]);

const isText = (mime: string): boolean => mime.startsWith('text/');
const isPicture = (mime: string): boolean => mime.startsWith('image/');

const firstDifference = (
  before: readonly Part[],
  after: readonly Part[],
  tolerance: number,
): Place | undefined => {
  const kinds = (parts: readonly Part[]) => parts.map(([kind]) => kind).join(', ') || 'nothing';
  if (kinds(before) !== kinds(after)) {
    return { where: 'kinds of output', recorded: kinds(before), found: kinds(after) };
  }
  for (const [index, [kind, content]] of after.entries()) {
    if (isPicture(kind)) continue;
    const place = inValue(before[index]![1], content, kind, tolerance);
    if (place) return place;
  }
  return undefined;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const inValue = (
  before: unknown,
  after: unknown,
  where: string,
  tolerance: number,
): Place | undefined => {
  if (typeof before === 'string' && typeof after === 'string') {
    return inText(before, after, where, tolerance);
  }
  if (typeof before === 'number' && typeof after === 'number') {
    return near(before, after, tolerance) ? undefined : place(where, before, after);
  }
  if (!isObject(before) || !isObject(after)) {
    return before === after ? undefined : place(where, before, after);
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const found = inValue(before[key], after[key], `${where} ${key}`, tolerance);
    if (found) return found;
  }
  return undefined;
};

const place = (where: string, before: unknown, after: unknown): Place => ({
  where,
  recorded: JSON.stringify(before) ?? 'nothing',
  found: JSON.stringify(after) ?? 'nothing',
});

const near = (a: number, b: number, tolerance: number): boolean =>
  Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));

const inText = (
  before: string,
  after: string,
  where: string,
  tolerance: number,
): Place | undefined => {
  const a = before.split('\n');
  const b = after.split('\n');
  for (let line = 0; line < Math.max(a.length, b.length); line++) {
    if (!sameLine(a[line], b[line], tolerance)) {
      const at = a.length > 1 || b.length > 1 ? `${where}, line ${line + 1}` : where;
      return { where: at, recorded: a[line] ?? '', found: b[line] ?? '' };
    }
  }
  return undefined;
};

const duration =
  /\b\d+:\d\d(?::\d\d)?(?:\.\d+)?(?: min| h)?\b|(?<![\w.])\d+(?:\.\d+)?\s?(?:ms|µs|s|sec|seconds?|min|minutes?|hours?)\b|\b\d+(?:\.\d+)? steps\/s\b/g;
const number = /[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/g;

const sameLine = (a: string | undefined, b: string | undefined, tolerance: number): boolean => {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  const [before, after] = [a, b].map((line) => line.replace(duration, '⏱'));
  // A number of another width shifts columns.
  const words = (line: string) => line.replace(number, '#').replace(/\s+/g, ' ').trim();
  if (words(before!) !== words(after!)) return false;
  const numbers = (line: string) => (line.match(number) ?? []).map(Number);
  const counterparts = numbers(after!);
  return numbers(before!).every((value, index) => near(value, counterparts[index]!, tolerance));
};
