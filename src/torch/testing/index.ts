/** Comparisons for tests (`torch.testing`). */
import { type Args, type Bound, bind, typeName } from '../arguments';
import { isOptions } from '../dispatch';
import { TorchError } from '../errors';
import { isclose, promoteTypes } from '../generated/functions';
import { numberText } from '../optim/python-text';
import { Tensor } from '../tensor';
import type { DType } from '../types';

export { type MakeTensorOptions, makeTensor } from './make-tensor';

const precisions: Partial<Record<DType, readonly [rtol: number, atol: number]>> = {
  float16: [0.001, 1e-5],
  bfloat16: [0.016, 1e-5],
  float32: [1.3e-6, 1e-5],
  float64: [1e-7, 1e-7],
  complex32: [0.001, 1e-5],
  complex64: [1.3e-6, 1e-5],
  complex128: [1e-7, 1e-7],
};

interface Needed {
  actual: unknown;
  expected: unknown;
}

export interface AssertCloseOptions {
  allowSubclasses?: boolean;
  /** Relative and absolute tolerance: both or none. Default: by the dtype. */
  rtol?: number | null;
  atol?: number | null;
  /** Whether NaN equals NaN. Default false. */
  equalNan?: boolean;
  checkDevice?: boolean;
  checkDtype?: boolean;
  checkLayout?: boolean;
  /** Default false. */
  checkStride?: boolean;
  /** The message of a failure, or what makes one of PyTorch's. */
  msg?: string | ((message: string) => string) | null;
}

type Settings = Required<AssertCloseOptions>;
type Path = readonly (string | number)[];

class Mismatch extends Error {
  constructor(
    message: string,
    readonly path: Path,
    readonly code = 'AssertionError',
  ) {
    super(message);
  }
}

const float = (value: number): string => numberText(value, true);
const size = (shape: readonly number[]) => `torch.Size([${shape.join(', ')}])`;

/**
 * Throws TorchError (`AssertionError`) with PyTorch's message unless two tensors are close: in shape, device, dtype and
 * layout, and each element within `atol + rtol · |expected|` (`torch.testing.assert_close`). Numbers, arrays, records and Maps are compared element by element.
 */
export function assertClose(...args: Args<'assert_close', Needed, AssertCloseOptions>): void {
  const { actual, expected, ...settings } = bind<Bound<Needed, AssertCloseOptions>>(
    'assert_close',
    args,
  );
  try {
    compare(actual, expected, [], settings as Settings);
  } catch (error) {
    if (!(error instanceof Mismatch)) throw error;
    const { msg } = settings;
    const place = error.path
      .map((key) => `[${typeof key === 'string' ? `'${key}'` : key}]`)
      .join('');
    const own = place
      ? `${error.message}\n\nThe failure occurred for item ${place}`
      : error.message;
    const text = typeof msg === 'function' ? msg(own) : (msg ?? own);
    throw new TorchError(text, error.code);
  }
}

const entriesOf = (value: unknown): Map<unknown, unknown> | null =>
  value instanceof Map ? value : isOptions(value) ? new Map(Object.entries(value)) : null;

function compare(actual: unknown, expected: unknown, path: Path, settings: Settings): void {
  if (Array.isArray(actual) && Array.isArray(expected)) {
    if (actual.length !== expected.length) {
      throw new Mismatch(
        `The length of the sequences mismatch: ${actual.length} != ${expected.length}`,
        path,
      );
    }
    for (const [i, item] of actual.entries()) compare(item, expected[i], [...path, i], settings);
    return;
  }
  const [ours, theirs] = [entriesOf(actual), entriesOf(expected)];
  if (ours && theirs) {
    const keys = (of: Map<unknown, unknown>, without: Map<unknown, unknown>) =>
      [...of.keys()]
        .filter((key) => !without.has(key))
        .sort()
        .map((key) => (typeof key === 'string' ? `'${key}'` : String(key)));
    const [missing, additional] = [keys(theirs, ours), keys(ours, theirs)];
    if (missing.length + additional.length > 0) {
      throw new Mismatch(
        `The keys of the mappings do not match:\nMissing keys in the actual mapping: [${missing.join(', ')}]\nAdditional keys in the actual mapping: [${additional.join(', ')}]`,
        path,
      );
    }
    for (const key of [...ours.keys()].sort()) {
      compare(ours.get(key), theirs.get(key), [...path, key as string], settings);
    }
    return;
  }
  if (typeof actual === 'number' && typeof expected === 'number') {
    compareNumbers(actual, expected, path, settings);
  } else if (actual instanceof Tensor && expected instanceof Tensor) {
    compareTensors(actual, expected, path, settings);
  } else if (actual === null && expected === null) {
    return;
  } else if (typeof actual === 'boolean' && typeof expected === 'boolean') {
    if (actual === expected) return;
    throw new Mismatch(
      `Booleans mismatch: ${actual ? 'True' : 'False'} is not ${expected ? 'True' : 'False'}`,
      path,
    );
  } else {
    throw new Mismatch(
      `No comparison pair was able to handle inputs of type <class '${nameOf(actual)}'> and <class '${nameOf(expected)}'>.`,
      path,
      'TypeError',
    );
  }
}

const nameOf = (value: unknown) => (value instanceof Tensor ? 'torch.Tensor' : typeName(value));

function tolerances(
  { rtol, atol }: Settings,
  path: Path,
  dtypes: readonly DType[],
): { rtol: number; atol: number } {
  if ((rtol === null) !== (atol === null)) {
    throw new Mismatch(
      `Both 'rtol' and 'atol' must be either specified or omitted, but got no ${rtol === null ? "'rtol'" : "'atol'"}.`
        .replaceAll("no 'rtol'", 'no rtol')
        .replaceAll("no 'atol'", 'no atol'),
      path,
      'ValueError',
    );
  }
  if (rtol !== null && atol !== null) return { rtol, atol };
  const each = dtypes.map((dtype) => precisions[dtype] ?? [0, 0]);
  return { rtol: Math.max(...each.map(([r]) => r)), atol: Math.max(...each.map(([, a]) => a)) };
}

interface Differences {
  readonly what: string;
  readonly extra: string;
  readonly absolute: string;
  readonly relative: string;
  readonly places?: readonly [absolute: string, relative: string];
  readonly rtol: number;
  readonly atol: number;
}

function mismatchText({
  what,
  extra,
  absolute,
  relative,
  places,
  rtol,
  atol,
}: Differences): string {
  const exact = rtol === 0 && atol === 0;
  const line = (kind: string, difference: string, place: string | undefined, allowed: number) => {
    const start =
      place === undefined
        ? `${kind[0]!.toUpperCase()}${kind.slice(1)} difference: ${difference}`
        : `Greatest ${kind} difference: ${difference} at index ${place}`;
    return exact ? start : `${start} (up to ${float(allowed)} allowed)`;
  };
  return [
    `${what} are not ${exact ? 'equal' : 'close'}!\n`,
    extra,
    line('absolute', absolute, places?.[0], atol),
    line('relative', relative, places?.[1], rtol),
  ].join('\n');
}

function compareNumbers(actual: number, expected: number, path: Path, settings: Settings): void {
  const whole = Number.isInteger(actual) && Number.isInteger(expected);
  const { rtol, atol } = tolerances(settings, path, [whole ? 'int64' : 'float64']);
  const bothNan = Number.isNaN(actual) && Number.isNaN(expected) && settings.equalNan;
  if (
    actual === expected ||
    bothNan ||
    Math.abs(actual - expected) <= atol + rtol * Math.abs(expected)
  )
    return;
  throw new Mismatch(scalarText(actual, expected, !whole, rtol, atol), path);
}

function scalarText(
  actual: number,
  expected: number,
  asFloat: boolean,
  rtol: number,
  atol: number,
) {
  const shown = (value: number) => numberText(value, asFloat);
  const absolute = Math.abs(actual - expected);
  return mismatchText({
    what: 'Scalars',
    extra: `Expected ${shown(expected)} but got ${shown(actual)}.`,
    absolute: shown(absolute),
    relative: expected === 0 ? 'inf' : float(absolute / Math.abs(expected)),
    rtol,
    atol,
  });
}

function compareTensors(actual: Tensor, expected: Tensor, path: Path, settings: Settings): void {
  const differ = (name: string, a: string, b: string) => {
    if (a === b) return;
    throw new Mismatch(`The values for attribute '${name}' do not match: ${a} != ${b}.`, path);
  };
  differ('shape', size(actual.shape), size(expected.shape));
  if (settings.checkLayout) differ('layout', `torch.${actual.layout}`, `torch.${expected.layout}`);
  if (settings.checkStride && actual.layout === 'strided' && expected.layout === 'strided') {
    const strides = (x: Tensor) => `(${x.stride().join(', ')}${x.ndim === 1 ? ',' : ''})`;
    differ('stride()', strides(actual), strides(expected));
  }
  if (settings.checkDevice) differ('device', String(actual.device), String(expected.device));
  if (settings.checkDtype) differ('dtype', `torch.${actual.dtype}`, `torch.${expected.dtype}`);
  const { rtol, atol } = tolerances(settings, path, [actual.dtype, expected.dtype]);
  const dtype = promoteTypes(actual.dtype, expected.dtype) as unknown as DType;
  const [a, b] = [actual, expected].map((x) =>
    (x.layout === 'strided' ? x : x.toDense()).detach().cpu().to(dtype),
  ) as [Tensor, Tensor];
  const matches = isclose(a, b, { rtol, atol, equalNan: settings.equalNan });
  if (matches.all().item()) return;
  const isFloat = a.isFloatingPoint() || a.isComplex();
  if (a.ndim === 0) {
    throw new Mismatch(scalarText(a.item(), b.item(), isFloat, rtol, atol), path);
  }
  const count = matches.numel();
  const wrong = count - Number(matches.sum().item());
  const [x, y] = (isFloat ? [a, b] : [a.to('int64'), b.to('int64')]).map((t) => t.flatten()) as [
    Tensor,
    Tensor,
  ];
  const hits = matches.flatten();
  const absolute = x.sub(y).abs();
  absolute.indexSet(hits, 0);
  const relative = absolute.div(y.abs());
  relative.indexSet(hits, 0);
  const [absoluteMax, relativeMax] = [absolute.max(0), relative.max(0)];
  throw new Mismatch(
    mismatchText({
      what: 'Tensor-likes',
      extra: `Mismatched elements: ${wrong} / ${count} (${percent(wrong / count)}%)`,
      absolute: numberText(Number(absoluteMax.values.item()), isFloat),
      relative: float(relativeMax.values.item()),
      places: [absoluteMax, relativeMax].map(({ indices }) =>
        placeText(Number(indices.item()), a.shape),
      ) as [string, string],
      rtol,
      atol,
    }),
    path,
  );
}

const percent = (share: number) => (share * 100).toFixed(1);

function placeText(flat: number, shape: readonly number[]): string {
  const index: number[] = [];
  let rest = flat;
  for (const length of [...shape].reverse()) {
    index.unshift(rest % length);
    rest = Math.floor(rest / length);
  }
  return `(${index.join(', ')}${index.length === 1 ? ',' : ''})`;
}
