import { CellWatch } from '../../src/report/run/cell-watch';

const interrupted = { ename: 'KeyboardInterrupt', evalue: 'the cell was interrupted' } as const;

/** A watch that saw one cell end with an error after `seconds` by the kernel's clock, with a time-out of 8 s. */
const watchOf = (seconds: number, ...events: { event: 'time-out' }[]): CellWatch => {
  const watch = new CellWatch(60, () => {});
  watch.see({ event: 'cell-start', cell: 1 });
  for (const event of events) watch.see(event);
  watch.see({ event: 'cell-end', cell: 1, status: 'error', seconds, ...interrupted });
  watch.end();
  return watch;
};

test('a cell was stopped by its time-out if nbconvert says so, whatever the kernel measured', () => {
  for (const seconds of [7.9, 8.1]) {
    const stopped = watchOf(seconds, { event: 'time-out' });
    for (const allowed of [new Set<number>(), new Set([1])]) {
      expect(stopped.failure(8, allowed, undefined)).toMatchObject({
        cell: 1,
        ename: 'CellTimeoutError',
        evalue: 'the cell was stopped after its time-out of 8 s',
      });
    }
    const failed = watchOf(seconds);
    expect(failed.failure(8, new Set(), undefined)).toEqual({ cell: 1, ...interrupted });
    expect(failed.failure(8, new Set([1]), undefined)).toBeUndefined();
  }
});
