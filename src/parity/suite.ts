/** A parity suite's result: the same work in Python and in TypeScript, compared. */
export interface SuiteResult {
  readonly suite: string;
  /** Whether both agree as closely as they should. */
  readonly ok: boolean;
  readonly [figure: string]: unknown;
}

export interface SuiteOptions {
  readonly seed: number;
  /** Only the cases whose name contains this text, in suites with named cases. */
  readonly only?: string | undefined;
  /** Training steps in suites that train; undefined for their default. */
  readonly steps?: number | undefined;
  /** Where PyTorch works, by its name; the CPU unless given. */
  readonly device?: string | undefined;
  /** Progress lines for the user. */
  readonly log: (line: string) => void;
}

export type Suite = (options: SuiteOptions) => Promise<SuiteResult[]>;
