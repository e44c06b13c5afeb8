/** What the thread of the channels must know of the main thread while that is busy. */
export class RunState {
  readonly #words: Int32Array;

  /** Without a buffer, a new state; with one, the other thread's view of it. */
  constructor(readonly buffer = new SharedArrayBuffer(12)) {
    this.#words = new Int32Array(buffer);
  }

  /** Whether code of a cell may be running. */
  get running(): boolean {
    return Atomics.load(this.#words, 0) === 1;
  }

  set running(value: boolean) {
    Atomics.store(this.#words, 0, value ? 1 : 0);
  }

  /** How many interrupts the main thread has taken notice of. */
  get noticed(): number {
    return Atomics.load(this.#words, 1);
  }

  notice(): void {
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
