import type { Content } from './wire';

interface Entry {
  readonly session: number;
  readonly line: number;
  readonly code: string;
  output?: string;
}

/** What a `history_request` asks for. */
export interface HistoryRequest {
  readonly hist_access_type: 'range' | 'tail' | 'search';
  readonly output?: boolean;
  /** The session of a range; 0 is the current one, and negative ones count back from it. */
  readonly session?: number;
  readonly start?: number;
  readonly stop?: number | null;
  /** The number of entries of a tail or a search. */
  readonly n?: number | null;
  /** The pattern of a search, with `*` and `?`. */
  readonly pattern?: string;
  readonly unique?: boolean;
}

/** The cells that were run, for as long as the kernel lives. */
export class History {
  readonly #entries: Entry[] = [];
  /** The session's number. */
  readonly #session = 1;

  add(line: number, code: string): void {
    this.#entries.push({ session: this.#session, line, code });
  }

  /** Notes the text of the last cell's result. */
  result(text: string): void {
    const last = this.#entries.at(-1);
    if (last) last.output = text;
  }

  find(request: HistoryRequest): Content {
    const found = this.#select(request);
    const history = found.map(({ session, line, code, output }) => [
      session,
      line,
      request.output ? [code, output ?? null] : code,
    ]);
    return { history };
  }

  #select(request: HistoryRequest): Entry[] {
    if (request.hist_access_type === 'range') {
      const { session = 0, start = 0, stop } = request;
      const sessions = [...new Set(this.#entries.map((entry) => entry.session))];
      const wanted = session > 0 ? session : (sessions.at(session - 1) ?? this.#session);
      return this.#entries.filter(
        (entry) =>
          entry.session === wanted && entry.line >= start && entry.line < (stop ?? Infinity),
      );
    }
    const { pattern, unique, n } = request;
    let found = this.#entries;
    if (request.hist_access_type === 'search') {
      const matches = glob(pattern ?? '*');
      found = found.filter(({ code }) => matches.test(code));
    }
    if (unique) {
      const last = new Map(found.map((entry) => [entry.code, entry]));
      found = found.filter((entry) => last.get(entry.code) === entry);
    }
    return n == null ? found : n === 0 ? [] : found.slice(-n);
  }
}

const glob = (pattern: string) =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    's',
  );
