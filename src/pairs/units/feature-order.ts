import { channelsLast, type NDArray, reshaped, sizeOf, transposed } from '../arrays';
import type { Call, Unit } from './unit';

/**
 * In which order the features of maps reach a unit that reads them flattened: for each the place
 * that it has in `[C, H, W]`. Undefined where nothing was flattened, or what was done isn't known.
 */
export function featureOrder(
  unit: Unit,
  units: readonly Unit[],
  inputLast: boolean,
): Int32Array | undefined {
  const between: Unit[] = [];
  let at = unit.sources[0] ?? -1;
  while (at >= 0 && ['shape', 'dropout', 'activation'].includes(units[at]!.kind)) {
    between.unshift(units[at]!);
    at = units[at]!.sources[0] ?? -1;
  }
  const base = at >= 0 ? units[at]! : undefined;
  const shape = base?.call.out[0] ?? between[0]?.call.in[0];
  if (!shape || shape.length < 3 || !between.some(({ kind }) => kind === 'shape')) return undefined;
  const last = base ? base.channelsLast : inputLast;
  const own = shape.slice(1);
  const shared = last ? [own.at(-1)!, ...own.slice(0, -1)] : own;
  const data = Int32Array.from({ length: sizeOf(own) }, (_, i) => i);
  let index: NDArray | undefined = { shape: [1, ...shared], data };
  if (last) index = channelsLast(index);
  for (const { call, kind } of between) {
    if (kind !== 'shape' || !index) continue;
    index = applied(call, index);
  }
  return index && index.shape.length === 2 ? (index.data as Int32Array) : undefined;
}

/** What a call that only rearranges does, for one sample. */
function applied(
  { type, config, in: [given = []], out: [got = []] }: Call,
  x: NDArray,
): NDArray | undefined {
  const positive = (axis: number) => (axis < 0 ? axis + given.length : axis);
  switch (type) {
    case 'permute':
    case 'Permute':
    case 'Transpose': {
      const dims = (config.dims ?? config.axes) as number[];
      const order = type === 'Permute' ? [0, ...dims] : dims?.map(positive);
      return order?.[0] === 0 ? transposed(x, order) : undefined;
    }
    case 'transpose':
    case 'swapaxes': {
      const [a, b] = [positive(config.dim0 as number), positive(config.dim1 as number)];
      if (a === 0 || b === 0) return undefined;
      const order = given.map((_, i) => (i === a ? b : i === b ? a : i));
      return transposed(x, order);
    }
    case 'flatten':
    case 'Flatten':
    case 'view':
    case 'reshape':
    case 'Reshape':
    case 'squeeze':
    case 'Squeeze':
    case 'unsqueeze':
    case 'ExpandDims':
    case 'Identity':
    case 'InputLayer':
      return got[0] === given[0] ? reshaped(x, [1, ...got.slice(1)]) : undefined;
    default:
      return got.length === given.length && got.every((size, i) => size === given[i])
        ? x
        : undefined;
  }
}
