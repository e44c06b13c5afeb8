import { readFileSync } from 'node:fs';

/** A unique name for a process: its id and its start time, as `123.4567`. */
export const processName = (pid: number): string => `${pid}.${startTime(pid) ?? 'gone'}`;

/** Whether that process still runs. Its id alone may belong to another process by now. */
export function isRunning(name: string): boolean {
  const pid = Number.parseInt(name, 10);
  return startTime(pid) !== undefined && processName(pid) === name;
}

/** When a process started, in the system's ticks since boot; undefined if it has ended. */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
