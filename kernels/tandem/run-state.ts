/** What runs of a cell: the part before its first await, or what comes behind. */
const parts = ['nothing', 'synchronous', 'asynchronous'] as const;

/** What the thread of the commands must know of the main thread while that is busy. */
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

  /** Counts the turns of the main thread's event loop, while a cell is to stop. */
  get turns(): number {
    return Atomics.load(this.#words, 1);
  }

  turn(): void {
    Atomics.add(this.#words, 1, 1);
  }

  /** Whether the cell that runs is to stop. */
  get interrupted(): boolean {
    return Atomics.load(this.#words, 2) === 1;
  }

  set interrupted(value: boolean) {
    Atomics.store(this.#words, 2, value ? 1 : 0);
  }
}
