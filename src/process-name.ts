import { readFileSync } from 'node:fs';

/** A process as nothing else will ever be called: its number and when it started, as `123.4567`. */
export const processName = (pid: number): string => `${pid}.${startOf(pid) ?? 'gone'}`;

/** Whether the very process still runs; its number alone may be another's by now. */
export function isRunning(name: string): boolean {
  const pid = Number.parseInt(name, 10);
  return startOf(pid) !== undefined && processName(pid) === name;
}

/** When a process started, in the system's ticks since boot; undefined where it is no more. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
