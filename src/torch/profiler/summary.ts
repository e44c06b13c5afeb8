import { TorchError } from '../errors';
import type { ProfilerEvent } from './index';

interface Timed {
  readonly name: string;
  readonly total: number;
  readonly self: number;
}

/** Each event with the time that was spent in none of those inside of it. */
export function selfTimes(events: readonly ProfilerEvent[]): Timed[] {
  const sorted = [...events].sort((a, b) => a.start - b.start || b.end - a.end);
  const inner = new Map<ProfilerEvent, number>();
  const open = new Map<number, ProfilerEvent[]>();
  for (const event of sorted) {
    const stack = open.get(event.thread) ?? [];
    open.set(event.thread, stack);
    while (stack.length > 0 && stack.at(-1)!.end <= event.start) stack.pop();
    const parent = stack.at(-1);
    if (parent) inner.set(parent, (inner.get(parent) ?? 0) + event.end - event.start);
    stack.push(event);
  }
  return sorted.map((event) => {
    const total = event.end - event.start;
    return { name: event.name, total, self: Math.max(0, total - (inner.get(event) ?? 0)) };
  });
}

/** All events of one name; times in microseconds. */
export interface Average {
  readonly key: string;
  readonly count: number;
  readonly selfCpuTimeTotal: number;
  readonly cpuTimeTotal: number;
  readonly cpuTime: number;
}

export interface TableOptions {
  sortBy?: 'selfCpuTimeTotal' | 'cpuTimeTotal' | 'cpuTime' | 'count' | null;
  /** How many names are shown; -1 for all. Default 100. */
  rowLimit?: number;
  maxNameColumnWidth?: number;
}

/** A list of averages that prints as PyTorch prints it. */
export class Summary extends Array<Average> {
  static override get [Symbol.species]() {
    return Array;
  }

  /** The averages as a table (`EventList.table`). */
  table(options: TableOptions = {}): string {
    const { sortBy = null, rowLimit = 100, maxNameColumnWidth = 55 } = options;
    const rows = Array.from(this);
    if (sortBy) rows.sort((a, b) => b[sortBy] - a[sortBy]);
    if (rows.length === 0) return '';
    const total = rows.reduce((sum, { selfCpuTimeTotal: self }) => sum + self, 0);
    const names = rows.map(({ key }) =>
      key.length > maxNameColumnWidth ? `${key.slice(0, maxNameColumnWidth - 3)}...` : key,
    );
    const widths = [Math.max(...names.map(({ length }) => length)) + 4, 12, 12, 12, 12, 12, 12];
    const line = (cells: readonly string[]) =>
      cells.map((cell, i) => `${cell.padStart(widths[i]!)}  `).join('');
    const rule = widths.map((width) => `${'-'.repeat(width)}  `).join('');
    const share = (time: number) => `${((100 * time) / (total || 1)).toFixed(2)}%`;
    const shown = rowLimit < 0 ? rows : rows.slice(0, rowLimit);
    return [
      rule,
      line([
        'Name',
        'Self CPU %',
        'Self CPU',
        'CPU total %',
        'CPU total',
        'CPU time avg',
        '# of Calls',
      ]),
      rule,
      ...shown.map((row, i) =>
        line([
          names[i]!,
          share(row.selfCpuTimeTotal),
          timeText(row.selfCpuTimeTotal),
          share(row.cpuTimeTotal),
          timeText(row.cpuTimeTotal),
          timeText(row.cpuTime),
          String(row.count),
        ]),
      ),
      rule,
      `Self CPU time total: ${timeText(total)}`,
      '',
    ].join('\n');
  }

  /** The averages of one name. Throws TorchError if there are none. */
  of(key: string): Average {
    const found = this.find((average) => average.key === key);
    if (found) return found;
    throw new TorchError(`the profile has no event '${key}'`, 'KeyError');
  }

  override toString(): string {
    return this.table();
  }
}

export function keyAverages(events: readonly Timed[]): Summary {
  const groups = new Map<string, Timed[]>();
  for (const event of events) groups.set(event.name, [...(groups.get(event.name) ?? []), event]);
  const sum = (of: readonly Timed[], what: 'total' | 'self') =>
    of.reduce((whole, event) => whole + event[what], 0);
  return Summary.from(
    Array.from(groups, ([key, each]) => ({
      key,
      count: each.length,
      selfCpuTimeTotal: sum(each, 'self'),
      cpuTimeTotal: sum(each, 'total'),
      cpuTime: sum(each, 'total') / each.length,
    })),
  ) as Summary;
}

function timeText(microseconds: number): string {
  if (microseconds >= 1e6) return `${(microseconds / 1e6).toFixed(3)}s`;
  if (microseconds >= 1e3) return `${(microseconds / 1e3).toFixed(3)}ms`;
  return `${microseconds.toFixed(3)}us`;
}
