import { channelsFirst, channelsLast, type NDArray, sameShape, sizeOf } from './arrays';
import type { Prepared, Whole } from './given-data';
import type { Answering, Arrays } from './program';
import { type Call, type Unit, unitsOf } from './units';

export interface WeightInfo {
  readonly name: string;
  readonly shape: readonly number[];
  readonly trainable: boolean;
  /** Whether it is a running statistic and no parameter. */
  readonly buffer: boolean;
}

/** What an adapter says of the program that it has loaded. */
export interface Description {
  readonly framework: 'keras' | 'torch';
  readonly version: string;
  readonly model: string;
  /** Keras' models know what they take. */
  readonly inputs?: readonly {
    readonly shape: readonly (number | null)[];
    readonly dtype: string;
  }[];
  readonly weights: readonly WeightInfo[];
  readonly penalties?: Readonly<Record<string, { readonly l1: number; readonly l2: number }>>;
  readonly optimizer: {
    readonly type: string;
    readonly config?: Readonly<Record<string, unknown>>;
    readonly groups?: readonly (Readonly<Record<string, unknown>> & {
      readonly weights: readonly string[];
    })[];
    readonly learningRates?: readonly number[];
    /** Whether those are of epochs, and not of steps. */
    readonly byEpoch?: boolean;
    readonly schedule?: string;
    /** How PyTorch's program clips gradients: `clipvalue`, `clipnorm` or `globalClipnorm`. */
    readonly clip?: Readonly<Record<string, number>>;
  } | null;
  readonly loss: {
    readonly type: string;
    readonly config: Readonly<Record<string, unknown>>;
    readonly function: boolean;
    /** Keras' `class_weight` by class. */
    readonly classWeights?: readonly number[] | null;
  } | null;
  /** How the program goes through its data, as far as it says so. */
  readonly training?: Training;
  /** Whether Keras' `fit` is given a weight for each sample. */
  readonly sampleWeights?: boolean;
  /** The fewest bits that its layers compute in: `float32`, `float16`, `bfloat16`, `float64`. */
  readonly precision?: string | null;
  readonly scheduler: { readonly type: string } | null;
  readonly given: readonly string[];
  /** Where the program binds what, as `file:line`. */
  readonly places?: Readonly<Record<string, string | null>>;
}

export interface Training {
  readonly batchSize?: number;
  readonly shuffle?: boolean;
  readonly dropLast?: boolean;
  readonly validationSplit?: number;
  readonly stepsPerEpoch?: number;
}

/** Changes to one side, made in its process and never in its file. */
export interface SidePlan {
  patches?: Record<string, Patch>;
  masks?: Record<string, string>;
  /** For dropouts of flattened maps: where each feature's mask is drawn. */
  orders?: Record<string, number[]>;
  optimizer?: OptimizerPlan;
  frozen?: string[];
  /** Weights that the program freezes and that are trained here. */
  thawed?: string[];
  target?: Record<string, unknown>;
  loss?: Record<string, unknown>;
  batches?: Training;
  /** Layers that the model lacks and that patches insert, by the numbers of their weights. */
  inserted?: string[];
  /** Whether Keras' samples count alike, whatever weights the program gives them. */
  unweighted?: boolean;
  /** How the program makes its inputs whole numbers before it binds them. */
  whole?: Whole;
  /** That it computes in its own precision, where the other side has more bits. */
  precision?: 'own';
  /** Whether Keras' layers get no masks. */
  unmasked?: boolean;
  /** Whether Keras gets gradients of embeddings summed for each row, as PyTorch does. */
  dense?: boolean;
}

export interface Patch {
  skip?: boolean;
  args?: Record<string, unknown>;
  pad?: number[];
  value?: number;
  /** What is done to the call's input, one after another. */
  input?: Record<string, unknown>[];
  /** Settings of a recurrent layer's cell. */
  cell?: Record<string, unknown>;
  /** What attention may not look at: `causal`, `nothing`, or rows of places. */
  blocked?: unknown;
  /** An activation or dropout that follows the call. */
  after?: Record<string, unknown>;
  emulate?: string;
  params?: Record<string, unknown>;
}

export interface OptimizerPlan {
  settings?: Record<string, unknown>;
  weights?: Record<string, Record<string, unknown>>;
  penalties?: Record<string, { l1: number; l2: number }>;
  config?: Record<string, unknown>;
}

export interface Forward {
  readonly outputs: readonly (readonly number[])[];
  readonly nodes?: readonly Call[];
  readonly final?: readonly number[];
  readonly loss?: number;
  readonly lossError?: string;
  readonly lossNodes?: readonly Call[];
}

/** One of the two programs: its process, its description, and what its model does. */
export class Side {
  units: readonly Unit[] = [];
  calls: readonly Call[] = [];
  lossCalls: readonly Call[] = [];
  /** The calls that the model's outputs come from. */
  final: readonly number[] = [];
  outputs: readonly (readonly number[])[] = [];
  /** The shape of one input in Keras' layout, without the batch. */
  inputShape: readonly number[] = [];
  /** What the program did to its inputs before it bound them. */
  prepared?: Prepared;
  /** The inputs of the batch, as the model takes them. */
  batch: readonly NDArray[] = [];
  /** How many samples the batch has. */
  samples = 0;
  /** Whether its inputs are maps as `[N, H, W, C]`. */
  inputLast = false;

  constructor(
    readonly program: Answering,
    public description: Description,
    public start: Arrays,
    /** Whether its weights come from a file. */
    readonly saved = false,
  ) {}

  get framework(): 'keras' | 'torch' {
    return this.description.framework;
  }

  get shapes(): ReadonlyMap<string, readonly number[]> {
    return new Map(this.description.weights.map(({ name, shape }) => [name, shape]));
  }

  /** How many numbers its model is trained by. */
  get parameters(): number {
    return this.description.weights
      .filter(({ buffer }) => !buffer)
      .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  }

  /** Whether a step of its model weighs on time and memory. */
  get large(): boolean {
    return this.parameters > 5_000_000;
  }

  /** Takes over what a recorded run has shown. */
  seen({ nodes = [], final = [], lossNodes = [], outputs }: Forward): void {
    this.calls = nodes;
    this.final = final;
    this.lossCalls = lossNodes;
    this.outputs = outputs;
    this.units = unitsOf(this.framework, nodes, this.shapes, this.inputLast);
  }

  /** An array of a unit's output in the layout that both sides share. */
  shared(unit: Pick<Unit, 'channelsLast' | 'order'>, array: NDArray): NDArray {
    if (unit.order && array.shape.length === 2) return inOrder(array, unit.order);
    return unit.channelsLast && array.shape.length > 2 ? channelsFirst(array) : array;
  }

  /** The recorded outputs that may be what the other side has of a unit: its own, and what is picked of them. */
  keysOf(unit: Unit): string[] {
    if (unit.hidden) return [];
    const keys = unit.call.out.map((_, i) => `${unit.position}.${i}`);
    const follow = (position: number, depth: number) => {
      for (const other of this.units) {
        if (other.kind !== 'shape' || !other.call.from.includes(position)) continue;
        keys.push(`${other.position}.0`);
        if (depth < 4) follow(other.position, depth + 1);
      }
    };
    follow(unit.position, 0);
    return keys;
  }

  candidates(unit: Unit, arrays: Arrays): NDArray[] {
    return this.keysOf(unit).flatMap((key) => {
      const array = arrays.get(`node:${key}`);
      return array ? [this.shared(unit, array)] : [];
    });
  }
}

/** Rows whose features stand in an order of their own, in the shared one. */
function inOrder({ shape, data }: NDArray, order: Int32Array): NDArray {
  const result = data.slice();
  const width = order.length;
  for (let row = 0; row < shape[0]!; row++) {
    for (let i = 0; i < width; i++) result[row * width + order[i]!] = data[row * width + i]!;
  }
  return { shape, data: result };
}

/** The first outputs of two units that have one shape. */
export function counterparts(
  a: readonly NDArray[],
  b: readonly NDArray[],
): readonly [NDArray, NDArray] | undefined {
  for (const x of a) {
    const y = b.find(({ shape }) => sameShape(shape, x.shape));
    if (y) return [x, y];
  }
  return undefined;
}

/** Inputs as a side takes them, from the layout of Keras. */
export const asInputs = (array: NDArray, last: boolean): NDArray =>
  last || array.shape.length < 3 ? array : channelsFirst(array);

export { channelsLast };
