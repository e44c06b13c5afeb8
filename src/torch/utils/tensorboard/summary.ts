/** TensorBoard's summaries, as `torch.utils.tensorboard.summary` makes them. */
import { typeName } from '../../arguments';
import { asTensor } from '../../creation';
import { TorchError } from '../../errors';
import { stack } from '../../generated/functions';
import { Tensor } from '../../tensor';
import { asBytes, heightWidthChannels, png } from './image';
import {
  bytes,
  double,
  float,
  integer,
  message,
  packedDoubles,
  packedFloats,
  packedIntegers,
} from './message';

const refuse = (text: string, code = 'AssertionError') => new TorchError(text, code);

/** Values of `Summary.Value`, each with its tag. */
export const summary = (...values: readonly Buffer[]): Buffer =>
  bytes(5, message(...values.map((value) => bytes(1, value))));
export const value = (tag: string, ...fields: readonly Buffer[]): Buffer =>
  message(bytes(1, tag), ...fields);

const metadata = (plugin: string, content: Buffer = Buffer.alloc(0)): Buffer =>
  bytes(9, bytes(1, message(bytes(1, plugin), ...(content.length > 0 ? [bytes(2, content)] : []))));
const shape = (sizes: readonly number[]): Buffer =>
  bytes(2, message(...sizes.map((size) => bytes(2, integer(1, size)))));

/** TensorFlow's numbers of the dtypes. */
const types = { float: 1, double: 2, string: 7 } as const;

/** A number, or a tensor's only element. */
export function numberOf(given: unknown): number {
  if (!(given instanceof Tensor)) return Number(given);
  if (given.numel() === 1) return Number(given.detach().item());
  const dims = given.shape.filter((size) => size !== 1).length;
  throw refuse(
    `Tensor should contain one element (0 dimensions).             Was given size: ${given.numel()} and ${dims} dimensions.`,
  );
}

export function scalar(tag: string, given: unknown, newStyle: boolean, double_: boolean): Buffer {
  const number = numberOf(given);
  if (!newStyle) return summary(value(tag, float(2, number)));
  const tensor = double_
    ? message(integer(1, types.double), packedDoubles(6, [number]))
    : message(integer(1, types.float), packedFloats(5, [number]));
  return summary(value(tag, metadata('scalars'), bytes(8, tensor)));
}

export function image(tag: string, given: Tensor, format: string): Buffer {
  const picture = asBytes(heightWidthChannels(given.detach(), format));
  const [height, width, channels] = picture.shape as [number, number, number];
  return summary(
    value(
      tag,
      bytes(
        4,
        message(
          integer(1, height),
          integer(2, width),
          integer(3, channels),
          bytes(4, png(picture)),
        ),
      ),
    ),
  );
}

export function audio(tag: string, given: Tensor, sampleRate: number): Buffer {
  const sound = given.detach().squeeze();
  if (sound.ndim !== 1) throw refuse('input tensor should be 1 dimensional.');
  const samples = sound.clamp(-1, 1).mul(32767).to('int16').toTypedArray() as Int16Array;
  const wave = Buffer.alloc(44 + 2 * samples.length);
  wave.write('RIFF', 0, 'latin1');
  wave.writeUInt32LE(36 + 2 * samples.length, 4);
  wave.write('WAVEfmt ', 8, 'latin1');
  wave.writeUInt32LE(16, 16);
  // PCM in one channel of two bytes.
  for (const [place, field] of [1, 1].entries()) wave.writeUInt16LE(field, 20 + 2 * place);
  wave.writeUInt32LE(sampleRate, 24);
  wave.writeUInt32LE(2 * sampleRate, 28);
  wave.writeUInt16LE(2, 32);
  wave.writeUInt16LE(16, 34);
  wave.write('data', 36, 'latin1');
  wave.writeUInt32LE(2 * samples.length, 40);
  for (const [i, sample] of samples.entries()) wave.writeInt16LE(sample, 44 + 2 * i);
  const content = [
    float(1, sampleRate),
    integer(2, 1),
    integer(3, samples.length),
    bytes(4, wave),
    bytes(5, 'audio/wav'),
  ];
  return summary(value(tag, bytes(6, message(...content))));
}

export function text(tag: string, content: string): Buffer {
  const tensor = message(integer(1, types.string), shape([1]), bytes(8, content));
  return summary(value(`${tag}/text_summary`, metadata('text'), bytes(8, tensor)));
}

/** TensorFlow's number of a dtype, and how its values are written. */
function typed(tensor: Tensor): [number, Buffer] | undefined {
  const flat = tensor.detach().reshape(-1);
  const parts = () => Array.from(flat.toTypedArray() as Float32Array);
  const integers = () => Array.from(flat.toTypedArray() as Int32Array);
  // As in Python, which writes the bits of the value as a float32.
  const halves = () => [...new Int32Array(flat.to('float32').toTypedArray().buffer as ArrayBuffer)];
  switch (tensor.dtype) {
    case 'float32':
      return [1, packedFloats(5, parts())];
    case 'float64':
      return [2, packedDoubles(6, parts())];
    case 'int32':
      return [3, packedIntegers(7, integers())];
    case 'uint8':
      return [4, packedIntegers(16, integers())];
    case 'int16':
      return [5, packedIntegers(7, integers())];
    case 'int8':
      return [6, packedIntegers(7, integers())];
    case 'complex64':
      return [8, packedFloats(9, parts())];
    case 'int64':
      return [9, packedIntegers(10, integers())];
    case 'bool':
      return [10, packedIntegers(11, integers())];
    case 'bfloat16':
      return [14, packedIntegers(13, halves())];
    case 'complex128':
      return [18, packedDoubles(12, parts())];
    case 'float16':
      return [19, packedIntegers(13, halves())];
    default:
      return undefined;
  }
}

export function tensor(tag: string, given: Tensor): Buffer {
  const content = typed(given);
  if (!content)
    throw refuse(`${tag} has unsupported tensor dtype torch.${given.dtype}`, 'ValueError');
  const [type, values] = content;
  return summary(
    value(tag, metadata('tensor'), bytes(8, message(integer(1, type), shape(given.shape), values))),
  );
}

/** Six rows: true and false positives, true and false negatives, precision and recall, one column a threshold. */
export function prCurveRaw(tag: string, rows: readonly unknown[], thresholds: number): Buffer {
  const data = stack(rows.map((row) => asTensor(row as never).to('float64')));
  const content = message(
    integer(1, types.float),
    shape(data.shape),
    packedFloats(5, data.reshape(-1).toTypedArray() as Float64Array),
  );
  const plugin = metadata('pr_curves', integer(2, Math.min(thresholds, 127)));
  return summary(value(tag, plugin, bytes(8, content)));
}

/** Precision and recall of predictions from 0 to 1 at as many thresholds. */
export function prCurve(
  tag: string,
  labels: Tensor,
  predictions: Tensor,
  given: number,
  weights: unknown,
): Buffer {
  const count = Math.min(given, 127);
  const places = predictions
    .detach()
    .mul(count - 1)
    .floor()
    .to('int32')
    .reshape(-1);
  const truth = labels.detach().to('float64').reshape(-1).toTypedArray() as Float64Array;
  const weight = asTensor((weights ?? 1) as never)
    .to('float64')
    .expand(labels.shape)
    .contiguous()
    .reshape(-1)
    .toTypedArray() as Float64Array;
  const [tp, fp] = [new Float64Array(count), new Float64Array(count)];
  for (const [i, place] of (places.toTypedArray() as Int32Array).entries()) {
    if (place < 0 || place >= count) continue;
    tp[place]! += truth[i]! * weight[i]!;
    fp[place]! += (1 - truth[i]!) * weight[i]!;
  }
  for (let i = count - 2; i >= 0; i--) {
    tp[i]! += tp[i + 1]!;
    fp[i]! += fp[i + 1]!;
  }
  const ratio = (part: number, all: number) => part / Math.max(1e-7, all);
  const tn = fp.map((each) => fp[0]! - each);
  const fn = tp.map((each) => tp[0]! - each);
  const precision = tp.map((each, i) => ratio(each, each + fp[i]!));
  const recall = tp.map((each, i) => ratio(each, each + fn[i]!));
  return prCurveRaw(
    tag,
    [tp, fp, tn, fn, precision, recall].map((row) => [...row].map((each) => ({ float: each }))),
    count,
  );
}

/** Charts by category and title: `['Multiline', tags]` or `['Margin', [value, lower, upper]]`. */
export type Layout = Record<string, Record<string, readonly [string, readonly string[]]>>;

export function customScalars(layout: Layout): Buffer {
  const categories = Object.entries(layout).map(([category, charts]) => {
    const each = Object.entries(charts).map(([title, [kind, tags]]) => {
      if (kind === 'Margin' && tags.length !== 3) throw refuse('len(tags) != 3');
      const content =
        kind === 'Margin'
          ? bytes(3, bytes(1, message(...tags.map((tag, i) => bytes(i + 1, tag)))))
          : bytes(2, message(...tags.map((tag) => bytes(1, tag))));
      return bytes(2, message(bytes(1, title), content));
    });
    return bytes(2, message(bytes(1, category), ...each));
  });
  const tensor = message(
    integer(1, types.string),
    bytes(2, Buffer.alloc(0)),
    bytes(8, message(...categories)),
  );
  return summary(value('custom_scalars__config__', metadata('custom_scalars'), bytes(8, tensor)));
}

export type HParam = number | string | boolean | Tensor | null;
export type HParamDomains = Record<string, readonly (number | string | boolean)[]>;

/** A `google.protobuf.Value`. Python's booleans are numbers. */
const structValue = (given: number | string | boolean): Buffer =>
  typeof given === 'string' ? bytes(3, given) : double(2, Number(given), true);

/** What the plugin of hyperparameters reads: the experiment, the start of the run, its end. */
export function hparams(
  params: Record<string, HParam>,
  metrics: Record<string, unknown>,
  domains: HParamDomains,
): Buffer[] {
  for (const [name, domain] of Object.entries(domains)) {
    const of = typeName(params[name]);
    if (
      !(name in params) ||
      !Array.isArray(domain) ||
      domain.some((each) => typeName(each) !== of)
    ) {
      throw refuse(
        `parameter: hparam_domain_discrete[${name}] should be a list of same type as hparam_dict[${name}].`,
        'TypeError',
      );
    }
  }
  const start: Buffer[] = [];
  const infos: Buffer[] = [];
  for (const [name, given] of Object.entries(params)) {
    if (given === null) continue;
    const own = given instanceof Tensor ? numberOf(given) : given;
    if (!['number', 'string', 'boolean'].includes(typeof own)) {
      throw refuse('value should be one of int, float, str, bool, or torch.Tensor', 'ValueError');
    }
    start.push(bytes(1, message(bytes(1, name), bytes(2, structValue(own)))));
    const domain = domains[name]?.map((each) => bytes(1, structValue(each)));
    const type = typeof own === 'string' ? 1 : 3;
    const values = domain ? bytes(5, message(...domain)) : Buffer.alloc(0);
    infos.push(bytes(4, message(bytes(1, name), integer(4, type), values)));
  }
  const metricInfos = Object.keys(metrics).map((name) => bytes(5, bytes(1, bytes(2, name))));
  const part = (tag: string, content: Buffer) =>
    summary(value(`_hparams_/${tag}`, metadata('hparams', content)));
  return [
    part('experiment', bytes(2, message(...infos, ...metricInfos))),
    part('session_start_info', bytes(3, message(...start))),
    part('session_end_info', bytes(4, integer(1, 1))),
  ];
}
