import { styleText } from 'node:util';
import type { Listener, Outcome } from './run-events';

/** Seconds as `mm:ss`, or `h:mm:ss` from an hour on. */
export function clock(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  return whole < 3600 ? minutes : `${Math.floor(whole / 3600)}:${minutes}`;
}

/** Where progress is shown; a terminal has columns. */
export type Screen = NodeJS.WritableStream & { isTTY?: boolean; columns?: number };

/**
 * Shows progress on `stream`: on a terminal a line for each running notebook, updated in place;
 * elsewhere, and in CI, a line for each step.
 */
export function progressOn(stream: Screen, environment = process.env): Listener {
  const isTerminal = stream.isTTY && !environment.CI && environment.TERM !== 'dumb';
  return isTerminal ? inPlace(stream) : asLines(stream);
}

interface Running {
  cells: number;
  cell: number;
  started: number;
}

const secondsOf = (running: Running): number => (performance.now() - running.started) / 1000;

/** A notebook's end in words. */
const words: Record<Outcome, string> = {
  passed: 'ok',
  failed: 'FAILED',
  cached: 'cached',
  'not-run': 'not run',
};

function asLines(stream: Screen): Listener {
  const running = new Map<string, Running>();
  const line = (text: string) => stream.write(`${text}\n`);
  return (event) => {
    switch (event.event) {
      case 'notebook-start': {
        const { notebook, cells } = event;
        running.set(notebook, { cells, cell: 0, started: performance.now() });
        line(`${notebook}  starts, ${cells} ${cells === 1 ? 'cell' : 'cells'}`);
        break;
      }
      case 'cell-start': {
        const it = running.get(event.notebook);
        if (it) line(`${event.notebook}  cell ${event.cell}/${it.cells}  ${clock(secondsOf(it))}`);
        break;
      }
      case 'notebook-end':
        line(`${event.notebook}  ${words[event.state]}  ${clock(event.seconds)}`);
        break;
      case 'writing':
        line(`writing ${event.what}`);
        break;
    }
  };
}

function inPlace(stream: Screen): Listener {
  const running = new Map<string, Running>();
  const colours = { passed: 'green', failed: 'red', cached: 'cyan', 'not-run': 'yellow' } as const;
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;
  let doing: string | undefined;

  const clear = () => (drawn > 0 ? `\x1b[${drawn}A\r\x1b[J` : '');
  /** Writes everything at once, so that nothing flickers: finished lines, and below them the running ones. */
  const draw = (stays = '') => {
    const lines = [...running].map(([name, it]) => {
      const bar = progressBar(it.cell, it.cells);
      const where = it.cell === 0 ? 'starting' : `cell ${it.cell}/${it.cells}`;
      return `${bar} ${name}  ${where}  ${clock(secondsOf(it))}`;
    });
    if (doing) lines.push(`writing ${doing} …`);
    const fitting = lines.map((line) => `${line.slice(0, (stream.columns || 80) - 1)}\n`);
    stream.write(clear() + stays + fitting.join(''));
    drawn = fitting.length;
  };

  return (event) => {
    switch (event.event) {
      case 'run-start':
        timer = setInterval(() => draw(), 1000).unref();
        break;
      case 'notebook-start': {
        const { notebook, cells } = event;
        running.set(notebook, { cells, cell: 0, started: performance.now() });
        draw();
        break;
      }
      case 'cell-start': {
        const it = running.get(event.notebook);
        if (it) it.cell = event.cell;
        draw();
        break;
      }
      case 'notebook-end': {
        running.delete(event.notebook);
        const state = styleText(colours[event.state], words[event.state].padEnd(7));
        draw(`${state} ${event.notebook}  ${clock(event.seconds)}\n`);
        break;
      }
      case 'writing':
        doing = event.what;
        draw();
        break;
      case 'run-end':
        clearInterval(timer);
        doing = undefined;
        running.clear();
        draw();
        break;
    }
  };
}

/** How many of a notebook's cells are done, in ten characters. */
const progressBar = (cell: number, cells: number): string => {
  const done = Math.round((10 * Math.max(0, cell - 1)) / Math.max(1, cells));
  return '━'.repeat(done) + '─'.repeat(10 - done);
};
