import seedrandom from 'seedrandom';
import { UserError } from '../command/errors';
import { channelsFirst, channelsLast, type NDArray, sameShape, sizeOf } from './arrays';
import type { Side } from './side';

/** One batch as each side takes it. */
export interface Batch {
  readonly inputs: { readonly left: readonly NDArray[]; readonly right: readonly NDArray[] };
  readonly targets?: { readonly left: NDArray; readonly right: NDArray };
}

type Draw = () => number;

const normal = (random: Draw): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function floats(shape: readonly number[], random: Draw): NDArray {
  return { shape, data: Float32Array.from({ length: sizeOf(shape) }, () => normal(random)) };
}

function integers(shape: readonly number[], below: number, random: Draw): NDArray {
  return {
    shape,
    data: Int32Array.from({ length: sizeOf(shape) }, () => Math.floor(random() * below)),
  };
}

/** How many rows an embedding has, the smallest of a model: whole numbers below it are words. */
function vocabulary({ description }: Side): number {
  const rows = description.weights
    .filter(({ name }) => /embedding/i.test(name))
    .map(({ shape }) => shape[0]!);
  return rows.length > 0 ? Math.min(...rows) : 10;
}

interface Module {
  readonly type: string;
  readonly config: Readonly<Record<string, number>>;
}

/** What a PyTorch model takes, from its first layer. */
function guessed(side: Side): { shape: number[]; dtype: string }[] {
  const modules = (side.description as unknown as { modules: Module[] }).modules;
  for (const { type, config } of modules) {
    if (type === 'Conv2d') return [{ shape: [32, 32, config.in_channels!], dtype: 'float32' }];
    if (type === 'Conv1d') return [{ shape: [32, config.in_channels!], dtype: 'float32' }];
    if (type === 'Conv3d') return [{ shape: [12, 12, 12, config.in_channels!], dtype: 'float32' }];
    if (type === 'Linear') return [{ shape: [config.in_features!], dtype: 'float32' }];
    if (type === 'Embedding') return [{ shape: [16], dtype: 'int32' }];
    if (['LSTM', 'GRU', 'RNN'].includes(type))
      return [{ shape: [12, config.input_size!], dtype: 'float32' }];
  }
  throw new UserError(
    `Can't tell what ${side.program.name} takes: define \`inputs\` in it, or in a data.py beside it.`,
  );
}

/** The inputs that a program binds; undefined where it binds none. */
export function givenInputs({ start }: Side): NDArray[] | undefined {
  const given = start.get('given:inputs');
  return given && [given];
}

/** Inputs for both, in the layout of Keras: given by one program, or drawn for the model's shapes. */
export function drawInputs(sides: readonly Side[], samples: number | undefined): NDArray[] {
  for (const side of sides) {
    const given = givenInputs(side);
    if (given) return given;
  }
  const random = seedrandom('tandem');
  const known = sides.find(({ description }) => (description.inputs?.length ?? 0) > 0);
  const specs = known
    ? known.description.inputs!.map(({ shape, dtype }) => ({ shape: shape.slice(1), dtype }))
    : guessed(sides.find(({ framework }) => framework === 'torch') ?? sides[0]!);
  const words = Math.min(...sides.map(vocabulary));
  return specs.map(({ shape, dtype }) => {
    const free = shape.length >= 3 ? 32 : 12;
    const own = shape.map((size) => size ?? free);
    // A stateful model takes batches of one size only.
    const fixed = known?.description.inputs?.[0]?.shape[0];
    const count = fixed ?? samples ?? Math.max(2, Math.min(16, Math.floor(400_000 / sizeOf(own))));
    const whole = [count, ...own];
    return dtype.includes('int') ? integers(whole, words, random) : floats(whole, random);
  });
}

const asFloat32 = ({ shape, data }: NDArray): NDArray => ({
  shape,
  data: data instanceof Float64Array ? Float32Array.from(data) : data,
});

/** What a loss takes for targets. */
type Form = 'index' | 'one-hot' | 'binary' | 'value';

function formOf(side: Side): Form | undefined {
  const type = side.description.loss?.type.toLowerCase().replace(/_/g, '') ?? '';
  if (/sparse|crossentropyloss|nllloss|^crossentropy$|^nllloss$/.test(type)) return 'index';
  if (/categorical/.test(type)) return 'one-hot';
  if (/binary|bce/.test(type)) return 'binary';
  if (/mse|mae|meansquared|meanabsolute|huber|l1loss|logcosh|smoothl1|poisson/.test(type))
    return 'value';
  return undefined;
}

/** The targets of both; `outputs` is the shape of the model's output in its own layout, by side. */
export function drawTargets(
  sides: { readonly left: Side; readonly right: Side },
  count: number,
): Batch['targets'] {
  const { left, right } = sides;
  for (const side of [left, right]) {
    const given = side.start.get('given:targets');
    if (given) {
      const array = asFloat32(given);
      return {
        left: left.start.get('given:targets') ? asFloat32(left.start.get('given:targets')!) : array,
        right: right.start.get('given:targets')
          ? asFloat32(right.start.get('given:targets')!)
          : array,
      };
    }
  }
  const random = seedrandom('tandem targets');
  const forms = { left: formOf(left), right: formOf(right) };
  const form = forms.left ?? forms.right ?? 'value';
  const other = forms.right ?? form;
  const reference = left.outputs[0]!;
  const last = left.framework === 'keras';
  if (form === 'index' || form === 'one-hot') {
    const classes = last || reference.length < 3 ? reference.at(-1)! : reference[1]!;
    const places = reference.length < 3 ? [] : last ? reference.slice(1, -1) : reference.slice(2);
    const index = integers([count, ...places], Math.max(2, classes), random);
    const as = (wanted: Form): NDArray => (wanted === 'one-hot' ? oneHot(index, classes) : index);
    return { left: as(form), right: as(other === 'binary' || other === 'value' ? form : other) };
  }
  const shape = [...reference];
  const values =
    form === 'binary'
      ? {
          shape,
          data: Float32Array.from({ length: sizeOf(shape) }, () => (random() < 0.5 ? 0 : 1)),
        }
      : floats(shape, random);
  const to = right.outputs[0]!;
  if (sameShape(to, shape) || shape.length < 3) return { left: values, right: values };
  return { left: values, right: last ? channelsFirst(values) : channelsLast(values) };
}

function oneHot({ shape, data }: NDArray, classes: number): NDArray {
  const result = new Float32Array(data.length * classes);
  data.forEach((label, i) => {
    result[i * classes + label] = 1;
  });
  return { shape: [...shape, classes], data: result };
}
