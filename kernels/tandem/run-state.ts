/** The part of a cell that runs: before its first await, or after it. */
const parts = ['nothing', 'synchronous', 'asynchronous'] as const;

/** The state of the main thread that the command thread reads while the main thread is busy. */
export class RunState {
  readonly #words: Int32Array;

  /** Without a buffer, a new state; with one, the other thread's view of it. */
  constructor(readonly buffer = new SharedArrayBuffer(12)) {
    this.#words = new Int32Array(buffer);
  }

  /** Which code of a cell may be running. */
  get running(): (typeof parts)[number] {
    return parts[Atomics.load(this.#words, 0)]!;
  }

  set running(part: (typeof parts)[number]) {
    Atomics.store(this.#words, 0, parts.indexOf(part));
  }

  /** Counts the turns of the main thread's event loop while a cell is being interrupted. */
  get turns(): number {
    return Atomics.load(this.#words, 1);
  }

  turn(): void {
    Atomics.add(this.#words, 1, 1);
  }

  /** Whether the running cell is being interrupted. */
  get interrupted(): boolean {
    return Atomics.load(this.#words, 2) === 1;
  }

  set interrupted(value: boolean) {
    Atomics.store(this.#words, 2, value ? 1 : 0);
  }
}
