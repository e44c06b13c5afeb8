/** What a parity suite found: the same work in Python and in TypeScript, compared. */
export interface SuiteResult {
  readonly suite: string;
  /** Whether both agree as closely as they should. */
  readonly ok: boolean;
  readonly [figure: string]: unknown;
}

export interface SuiteOptions {
  readonly seed: number;
  /** Only the cases whose name holds this text, in suites that are tables of named cases. */
  readonly only?: string | undefined;
  /** Training steps in suites that train; undefined for their own number. */
  readonly steps?: number | undefined;
  /** Lines for the person who waits. */
  readonly log: (line: string) => void;
}

export type Suite = (options: SuiteOptions) => Promise<SuiteResult[]>;
