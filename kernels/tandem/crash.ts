import type { CellFailure } from './cell-error';

const lost = 'its variables are lost: run the notebook from the top';

/** How many of the process's last lines are shown. */
const told = 12;

const signals: Partial<Record<NodeJS.Signals, string>> = {
  SIGSEGV: 'native code read or wrote memory that is not its own',
  SIGBUS: 'native code read or wrote memory that is not its own',
  SIGILL: 'native code ran an instruction that this processor does not have',
  SIGFPE: 'native code divided by zero',
  SIGABRT: 'native code aborted',
  SIGKILL: 'it was killed from outside, by a person or by the system because memory ran out',
};

/** Explains why the process that ran the cells ended. */
export class Crash extends Error {
  override readonly name: string;
  /** The process's last output. */
  readonly details: string[];

  /** `interrupted` if the process ended during an attempt to stop the cell. */
  constructor(
    code: number | null,
    signal: NodeJS.Signals | null,
    written: string,
    interrupted = false,
  ) {
    const heap = /JavaScript heap out of memory|invalid array length Allocation failed/.test(
      written,
    );
    let name = 'KernelCrashed';
    let happened: string;
    if (heap) {
      name = 'OutOfMemory';
      happened = `JavaScript's heap is full${heapSize(written)}`;
    } else if (interrupted) {
      name = 'KeyboardInterrupt';
      happened = 'the cell could only be stopped together with its process';
    } else if (signal) {
      happened = `${signals[signal] ?? 'it was ended by a signal'} (${signal})`;
    } else {
      name = 'ProcessExit';
      happened = `the process ended itself with exit code ${code}`;
    }
    super(`${happened}; ${lost}`);
    this.name = name;
    this.details = heap || interrupted ? [] : lastLines(written);
  }

  get failure(): CellFailure {
    const { name: ename, message: evalue } = this;
    return {
      ename,
      evalue,
      traceback: [`\u001b[31m${ename}\u001b[39m: ${evalue}`, ...this.details],
    };
  }
}

/** Without the addresses of a native stack. */
const lastLines = (written: string): string[] =>
  written
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s*\d+: 0x|^-----/.test(line))
    .slice(-told);

/** ` (512 MB)`, from the last line of V8's that tells of a collection. */
function heapSize(written: string): string {
  const [, size] =
    [...written.matchAll(/ms: (?:Mark-Compact|Scavenge)[^\n]*?([\d.]+) \(/g)].pop() ?? [];
  return size ? ` (${Math.round(Number(size))} MB)` : '';
}
