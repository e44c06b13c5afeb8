import type { NDArray } from '../arrays';

/** A call of a layer or function, as an adapter recorded it. */
export interface Call {
  /** Names the call in patches: the layer's path or the function and its line, and a count. */
  readonly key: string;
  readonly type: string;
  readonly path: string | null;
  readonly module: boolean;
  readonly config: Readonly<Record<string, unknown>>;
  readonly place: string | null;
  /** The names of the weights that it uses. */
  readonly weights: readonly string[];
  /** The calls that its inputs come from; −1 for the model's own inputs. */
  readonly from: readonly number[];
  readonly in: readonly (readonly number[])[];
  readonly out: readonly (readonly number[])[];
}

/** How a weight is read in the layout that both sides share, which is PyTorch's, and written back. */
export interface Slot {
  readonly name: string;
  readonly shape: readonly number[];
  read(own: NDArray): NDArray;
  /** The own array with this part replaced. */
  write(shared: NDArray, own: NDArray): NDArray;
}

export type Kind =
  | 'linear'
  | 'conv'
  | 'convTranspose'
  | 'embedding'
  | 'batchNorm'
  | 'layerNorm'
  | 'groupNorm'
  | 'lstm'
  | 'gru'
  | 'rnn'
  | 'attention'
  | 'prelu'
  | 'activation'
  | 'pool'
  | 'globalPool'
  | 'dropout'
  | 'pad'
  | 'upsample'
  | 'merge'
  | 'shape'
  | 'arithmetic'
  | 'unknown';

/** One thing that a model does, in terms that both frameworks share. */
export interface Unit {
  readonly index: number;
  readonly kind: Kind;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly slots: Readonly<Record<string, Slot>>;
  /** The recorded call, and its place among the side's calls. */
  readonly call: Call;
  readonly position: number;
  /** Units that it takes from; −1 for the model's inputs. */
  readonly sources: readonly number[];
  /** Whether the framework keeps its output as `[N, H, W, C]`. */
  readonly channelsLast: boolean;
  /** Whether nothing recorded its output: it is the inner part of a layer that is two. */
  readonly hidden?: boolean;
  /** Of flattened maps the place of each feature in `[C, H, W]`, where it isn't that anyway. */
  readonly order?: Int32Array;
}

/** What one call is, before it has its place in the graph. */
export interface Meaning {
  readonly kind: Kind;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly slots?: Readonly<Record<string, Slot>>;
  readonly hidden?: boolean;
}

/** Kinds by which two models are matched before all else. */
export const anchors: ReadonlySet<Kind> = new Set([
  'linear',
  'conv',
  'convTranspose',
  'embedding',
  'batchNorm',
  'layerNorm',
  'groupNorm',
  'lstm',
  'gru',
  'rnn',
  'attention',
  'prelu',
  'merge',
]);

/** `conv1 (Conv2d)`, `relu at line 14`. */
export function labelOf({ call }: Pick<Unit, 'call'>): string {
  if (call.module && call.path) return call.path;
  const line = call.place?.split(':').at(-1);
  if (call.path) return `${call.path}’s ${call.type}`;
  return line ? `${call.type} in line ${line}` : call.type;
}
