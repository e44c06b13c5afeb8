/** Where a run tells how far it is. */
export interface Progress {
  /** A notebook begins; `cells` is how many it will execute. */
  start(name: string, cells: number): void;
  /** Cell `cell`, from 1, begins. */
  cell(name: string, cell: number): void;
  /** The notebook has ended; `state` is one word or a few. */
  end(name: string, state: string): void;
  /** Work that belongs to no single notebook begins. */
  note(text: string): void;
}

/** Seconds as `mm:ss`, or `h:mm:ss` from an hour on. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return whole < 3600 ? minutes : `${Math.floor(whole / 3600)}:${minutes}`;
}

interface Running {
  cells: number;
  cell: number;
  started: number;
}

const elapsed = (running: Running): string => clock((Date.now() - running.started) / 1000);

/**
 * Progress for where `stream` leads: on a terminal one line that updates, elsewhere a line for
 * each step.
 */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? new TerminalProgress(stream) : new PlainProgress(stream);
}

class PlainProgress implements Progress {
  readonly #running = new Map<string, Running>();

  constructor(private readonly stream: NodeJS.WritableStream) {}

  start(name: string, cells: number): void {
    this.#running.set(name, { cells, cell: 0, started: Date.now() });
    this.note(`${name}  starts, ${cells} ${cells === 1 ? 'cell' : 'cells'}`);
  }

  cell(name: string, cell: number): void {
    const running = this.#running.get(name);
    if (running) this.note(`${name}  cell ${cell}/${running.cells}  ${elapsed(running)}`);
  }

  end(name: string, state: string): void {
    const running = this.#running.get(name);
    this.#running.delete(name);
    if (running) this.note(`${name}  ${state}  ${elapsed(running)}`);
  }

  note(text: string): void {
    this.stream.write(`${text}\n`);
  }
}

class TerminalProgress implements Progress {
  readonly #running = new Map<string, Running>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  start(name: string, cells: number): void {
    this.#running.set(name, { cells, cell: 0, started: Date.now() });
    this.#timer ??= setInterval(() => this.#draw(), 1000).unref();
    this.#draw();
  }

  cell(name: string, cell: number): void {
    const running = this.#running.get(name);
    if (running) running.cell = cell;
    this.#draw();
  }

  end(name: string, state: string): void {
    const running = this.#running.get(name);
    this.#running.delete(name);
    if (running) this.note(`${name}  ${state}  ${elapsed(running)}`);
    if (this.#running.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  note(text: string): void {
    this.stream.write(`\r\x1b[K${text}\n`);
    this.#draw();
  }

  #draw(): void {
    const line = [...this.#running]
      .map(([name, running]) => {
        const where = running.cell === 0 ? 'starting' : `cell ${running.cell}/${running.cells}`;
        return `${name}  ${where}  ${elapsed(running)}`;
      })
      .join('   ');
    this.stream.write(`\r\x1b[K${line.slice(0, this.stream.columns - 1)}`);
  }
}
