/** The result of comparing two programs. */
export interface Comparison {
  /** `interrupted` if the comparison didn't finish: it has the results so far. */
  readonly verdict: 'equal' | 'equal after changes' | 'different' | 'interrupted';
  /** The verdict in one line. */
  readonly text: string;
  readonly left: ProgramInfo;
  readonly right: ProgramInfo;
  readonly match: readonly MatchedLayer[];
  readonly unmatched: { readonly left: readonly string[]; readonly right: readonly string[] };
  readonly start: readonly StartDifference[];
  readonly forward: readonly LayerDifference[];
  /** The first layer whose outputs leave rounding although its inputs agree. */
  readonly firstDifference?: string;
  readonly step?: StepDifference;
  readonly losses?: Losses;
  /** Which side fails in a step, where and why: `the right side: torch_model.py:12: RuntimeError: …`. */
  readonly stepFailures?: readonly string[];
  readonly causes: readonly CauseReport[];
  /** Differences between the frameworks that nobody chose; removed before anything is measured. */
  readonly notes: readonly string[];
  /** The differences that remain when all causes are fixed, the largest first. */
  readonly remaining: readonly { readonly what: string; readonly difference: number }[];
  /** A safetensors file with the first layer or weight that no cause explains. */
  readonly reproduction?: string;
  readonly precision: 'float32' | 'float64';
  readonly seconds: number;
}

export interface ProgramInfo {
  readonly path: string;
  readonly framework: 'keras' | 'torch';
  readonly version: string;
  readonly model: string;
  readonly parameters: number;
}

export interface MatchedLayer {
  readonly left: string;
  readonly right: string;
  readonly kind: string;
  /** `kernel 32×3×3×3`. */
  readonly weights: readonly string[];
}

/** One weight as each side draws it. */
export interface StartDifference {
  readonly layer: string;
  readonly role: string;
  readonly left: Distribution;
  readonly right: Distribution;
  /** Whether they may be draws of one distribution (Kolmogorov and Smirnov's test). */
  readonly same: boolean;
}

export interface Distribution {
  readonly mean: number;
  readonly deviation: number;
  readonly low: number;
  readonly high: number;
  /** The initialiser that gives such numbers: `Glorot uniform`, `orthogonal`, `zeros`. */
  readonly drawn?: string;
}

export interface LayerDifference {
  readonly layer: string;
  readonly kind: string;
  /** The largest difference as a share of the largest element; null where shapes differ. */
  readonly relative: number | null;
  /** The same in units of float32 rounding. */
  readonly roundings: number | null;
  /** In training mode. */
  readonly training: number | null;
}

export interface StepDifference {
  readonly loss: { readonly left: number; readonly right: number };
  readonly weights: readonly {
    readonly layer: string;
    readonly role: string;
    readonly gradient: number | null;
    readonly updated: number;
    /** What the optimizer remembers of it, by name: `momentum`, `velocity`. */
    readonly state: Readonly<Record<string, number>>;
  }[];
}

export interface Losses {
  readonly left: readonly number[];
  readonly right: readonly number[];
  /** The first step at which they differ by more than one percent; null where none does. */
  readonly part: number | null;
}

export interface CauseReport {
  readonly name: string;
  readonly summary: string;
  readonly proven: boolean;
  readonly left: string;
  readonly right: string;
  readonly layers: readonly string[];
  readonly places: readonly string[];
  readonly fix: { readonly left: string; readonly right: string };
  /** Set where no setting removes it. */
  readonly unremovable?: string;
  /** The largest difference without the fix, and the same with it; shares of the largest element. */
  readonly before: number;
  readonly after: number;
  /** What `before` and `after` are of. */
  readonly measured: string;
  readonly sources: readonly string[];
}
