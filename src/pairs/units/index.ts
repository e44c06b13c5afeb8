import { featureOrder } from './feature-order';
import { kerasMeaning } from './keras';
import { columns, rows } from './slots';
import { torchMeaning } from './torch';
import type { Call, Kind, Unit } from './unit';

export * from './unit';

const maps: ReadonlySet<Kind> = new Set([
  'conv',
  'convTranspose',
  'pool',
  'batchNorm',
  'pad',
  'upsample',
  'globalPool',
]);
const inherits: ReadonlySet<Kind> = new Set([
  'activation',
  'dropout',
  'merge',
  'arithmetic',
  'prelu',
  'groupNorm',
  'unknown',
]);

/** The calls of one side in terms that both sides share. */
export function unitsOf(
  framework: 'keras' | 'torch',
  calls: readonly Call[],
  shapes: ReadonlyMap<string, readonly number[]>,
  /** Whether the model's inputs are `[N, H, W, C]`. */
  inputLast = false,
): Unit[] {
  const units: Unit[] = [];
  // The last unit of each call.
  const last: number[] = [];
  calls.forEach((call, position) => {
    const meanings =
      framework === 'keras' ? kerasMeaning(call, shapes) : torchMeaning(call, shapes);
    meanings.forEach(({ kind, settings = {}, slots = {}, hidden }, i) => {
      const sources =
        i > 0 ? [units.length - 1] : call.from.map((from) => (from < 0 ? -1 : last[from]!));
      const index = units.length;
      const rank = call.out[0]?.length ?? 0;
      const own = maps.has(kind)
        ? rank > 2
        : inherits.has(kind) &&
          rank > 2 &&
          sources.some((source) => (source >= 0 ? units[source]!.channelsLast : inputLast));
      const channelsLast =
        framework === 'keras' && call.config.data_format !== 'channels_first' && own;
      units.push({ index, kind, settings, slots, call, position, sources, channelsLast, hidden });
    });
    last[position] = units.length - 1;
  });
  const orders = ordersBeforeMaps(units);
  return units
    .map((unit) => hardSigmoid(unit, units))
    .map((unit) => withFeatureOrder(unit, units, inputLast))
    .map((unit) => withMapOrder(unit, orders.get(unit.index)));
}

/** Of units whose flat output is then taken for maps `[H, W, C]`: the place of each feature in `[C, H, W]`. */
function ordersBeforeMaps(units: readonly Unit[]): Map<number, Int32Array> {
  const orders = new Map<number, Int32Array>();
  for (const { call, sources, kind } of units) {
    const [from = [], to = []] = [call.in[0], call.out[0]];
    if (kind !== 'shape' || call.type !== 'Reshape' || from.length !== 2 || to.length < 4) continue;
    const [sizes, channels] = [to.slice(1, -1), to.at(-1)!];
    const places = sizes.reduce((a, b) => a * b, 1);
    const order = Int32Array.from(
      { length: places * channels },
      (_, i) => (i % channels) * places + Math.floor(i / channels),
    );
    let at = sources[0] ?? -1;
    while (at >= 0 && ['activation', 'dropout', 'batchNorm', 'linear'].includes(units[at]!.kind)) {
      orders.set(at, order);
      at = units[at]!.kind === 'linear' ? -1 : (units[at]!.sources[0] ?? -1);
    }
  }
  return orders;
}

function withMapOrder(unit: Unit, order: Int32Array | undefined): Unit {
  if (!order) return unit;
  const slots = Object.entries(unit.slots).map(
    ([role, slot]) => [role, rows(slot, order)] as const,
  );
  return { ...unit, order, slots: Object.fromEntries(slots) };
}

/** `clamp(0.2 * x + 0.5, 0, 1)` is the hard sigmoid of Keras 2. */
function hardSigmoid(unit: Unit, units: readonly Unit[]): Unit {
  const { call, sources } = unit;
  if (!/^(clamp|clip)$/.test(call.type) || call.config.min !== 0 || call.config.max !== 1)
    return unit;
  const number = ({ settings }: Unit) => Number(settings.arg1 ?? settings.other ?? settings.first);
  const add = units[sources[0] ?? -1];
  const multiply = units[add?.sources[0] ?? -1];
  if (add?.settings.fn !== 'add' || multiply?.kind !== 'arithmetic' || number(add) !== 0.5)
    return unit;
  const { fn } = multiply.settings;
  const slope = fn === 'multiply' ? number(multiply) : fn === 'divide' ? 1 / number(multiply) : NaN;
  if (Number.isNaN(slope)) return unit;
  const within = { scale: slope, offset: 0.5 };
  return { ...unit, kind: 'activation', settings: { fn: 'hardSigmoid', slope, within } };
}

/** A dense layer behind flattened maps reads its features in the framework's own order. */
function withFeatureOrder(unit: Unit, units: readonly Unit[], inputLast: boolean): Unit {
  const { kernel } = unit.slots;
  if (!['linear', 'dropout', 'activation'].includes(unit.kind)) return unit;
  const order = featureOrder(unit, units, inputLast);
  if (!kernel) return order?.some((place, i) => place !== i) ? { ...unit, order } : unit;
  if (!order || order.length !== kernel.shape[1]) return unit;
  return { ...unit, slots: { ...unit.slots, kernel: columns(kernel, order) } };
}
