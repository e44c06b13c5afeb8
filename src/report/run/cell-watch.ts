import type { Failure } from '../failure';
import type { KernelEvent } from './events';

/** The outcome of one executed cell. */
export interface CellRun {
  /** The cell's ordinal among the executed cells, from 1. */
  cell: number;
  /** `aborted` after an earlier failure, `lost` if its kernel ended in it. */
  status: 'ok' | 'error' | 'aborted' | 'lost';
  seconds: number;
}

/** Why a run ended early. */
export interface Loss {
  ename: string;
  evalue: string;
}

type CellEnd = Extract<KernelEvent, { event: 'cell-end' }>;
/** The beginning or the end of a cell. */
export type CellEvent = Exclude<KernelEvent, { event: 'late-error' | 'time-out' }>;
type LateError = Extract<KernelEvent, { event: 'late-error' }>;

/** Follows which cell runs, and gives up on one that outlasts its time-out and its interrupt. */
export class CellWatch {
  /** The running cell, or the last one. */
  current: number | undefined;
  readonly #ends: CellEnd[] = [];
  #late: LateError | undefined;
  /** The cell that was interrupted because it outlasted its time-out. */
  #timedOut: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #started = 0;
  #gaveUp = false;

  constructor(
    private readonly limitSeconds: number,
    private readonly giveUp: () => void,
    private readonly listener: (event: CellEvent) => void = () => {},
  ) {}

  see(event: KernelEvent): void {
    if (event.event === 'late-error') {
      this.#late = event;
      return;
    }
    if (event.event === 'time-out') {
      this.#timedOut = this.current;
      return;
    }
    clearTimeout(this.#timer);
    this.listener(event);
    if (event.event === 'cell-end') {
      this.#ends.push(event);
      return;
    }
    this.current = event.cell;
    this.#started = performance.now();
    this.#timer = setTimeout(() => {
      this.#gaveUp = true;
      this.giveUp();
    }, this.limitSeconds * 1000);
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  /** How many cells have ended. */
  get ended(): number {
    return this.#ends.length;
  }

  /** Every cell that was started or aborted; the last is `lost` if its end was not reported. */
  runs(): CellRun[] {
    const ended: CellRun[] = this.#ends.map(({ cell, status, seconds = 0 }) => ({
      cell,
      status,
      seconds,
    }));
    const { current } = this;
    if (current === undefined || ended.some(({ cell }) => cell === current)) return ended;
    const seconds = (performance.now() - this.#started) / 1000;
    return [...ended, { cell: current, status: 'lost', seconds }];
  }

  /** What went wrong, as the kernel reported it, or as its silence implies. */
  failure(
    timeoutSeconds: number,
    allowed: ReadonlySet<number>,
    lost: Loss | undefined,
  ): Failure | undefined {
    const timedOut = (cell: number): Failure => ({
      cell,
      ename: 'CellTimeoutError',
      evalue: `the cell was stopped after its time-out of ${timeoutSeconds} s`,
    });
    if (this.#gaveUp) return timedOut(this.current ?? 1);
    const failed = this.#ends.find(
      ({ status, cell }) => status === 'error' && (!allowed.has(cell) || cell === this.#timedOut),
    );
    if (failed && failed.cell === this.#timedOut) return timedOut(failed.cell);
    if (failed) {
      const { cell, ename = 'Error', evalue = '' } = failed;
      return { cell, ename, evalue };
    }
    if (this.#late) {
      const { cell, ename, evalue } = this.#late;
      return { cell, ename, evalue };
    }
    return lost && { cell: this.current ?? 1, ...lost };
  }
}
