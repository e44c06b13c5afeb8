import { anchors, type Unit } from './units';

/** A unit of the left side and the one of the right that it should be. */
export interface Matched {
  readonly left: Unit;
  readonly right: Unit;
}

export interface Match {
  /** In the left side's order of calls. */
  readonly pairs: readonly Matched[];
  /** Units that change numbers and have no counterpart. */
  readonly unmatched: { readonly left: readonly Unit[]; readonly right: readonly Unit[] };
}

/** What two units that are one have in common, whatever the framework. */
function signature({ kind, settings, slots, call, channelsLast }: Unit): string {
  if (kind === 'merge') return `merge ${settings.fn}`;
  if (kind.endsWith('Norm')) {
    // It may have no weights at all.
    const [out = []] = call.out;
    return `${kind} ${out.length > 2 && !channelsLast && kind !== 'layerNorm' ? out[1] : out.at(-1)}`;
  }
  const main = ['kernel', 'table', 'inputKernel', 'scale', 'slope', 'queryKernel']
    .filter((role) => slots[role])
    .map((role) => slots[role]!.shape.join('×'));
  return `${kind} ${main} ${kind === 'conv' ? settings.groups : ''}${settings.bidirectional ?? ''}`;
}

/** The nearest units before one by which models are matched; −1 for the model's inputs. */
function anchorsBefore(unit: Unit, units: readonly Unit[], seen = new Set<number>()): number[] {
  return unit.sources.flatMap((source) => {
    if (source < 0 || seen.has(source)) return source < 0 ? [-1] : [];
    seen.add(source);
    return anchors.has(units[source]!.kind) ? [source] : anchorsBefore(units[source]!, units, seen);
  });
}

interface Colours {
  readonly forward: ReadonlyMap<number, string>;
  readonly backward: ReadonlyMap<number, string>;
}

/** Numbers the strings that it is given, so that colours stay short. */
const names = new Map<string, string>();
const short = (text: string): string => {
  if (!names.has(text)) names.set(text, String(names.size));
  return names.get(text)!;
};

/** Each anchor's place in the graph: what lies before it, and what lies behind it. */
function colours(units: readonly Unit[]): Colours {
  const chosen = units.filter(({ kind }) => anchors.has(kind));
  const before = new Map(chosen.map((unit) => [unit.index, anchorsBefore(unit, units)]));
  const forward = new Map<number, string>([[-1, 'input']]);
  for (const unit of chosen) {
    const from = before.get(unit.index)!.map((source) => forward.get(source) ?? '?');
    forward.set(unit.index, short(`${signature(unit)} < ${from.sort()}`));
  }
  const after = new Map<number, number[]>();
  for (const [index, sources] of before) {
    for (const source of sources) after.set(source, [...(after.get(source) ?? []), index]);
  }
  const backward = new Map<number, string>();
  for (const unit of [...chosen].reverse()) {
    const to = (after.get(unit.index) ?? []).map((index) => backward.get(index) ?? '?');
    backward.set(unit.index, short(`${signature(unit)} > ${to.sort()}`));
  }
  return { forward, backward };
}

/** Longest common subsequence of two lists under a relation. */
function aligned<T>(
  left: readonly T[],
  right: readonly T[],
  same: (a: T, b: T) => number,
): [T, T][] {
  const best = Array.from({ length: left.length + 1 }, () => new Float64Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--) {
    for (let j = right.length - 1; j >= 0; j--) {
      const taken = same(left[i]!, right[j]!);
      best[i]![j] = Math.max(
        best[i + 1]![j]!,
        best[i]![j + 1]!,
        taken > 0 ? best[i + 1]![j + 1]! + taken : 0,
      );
    }
  }
  const found: [T, T][] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const taken = same(left[i]!, right[j]!);
    if (taken > 0 && best[i]![j] === best[i + 1]![j + 1]! + taken)
      found.push([left[i++]!, right[j++]!]);
    else if (best[i]![j] === best[i + 1]![j]) i++;
    else j++;
  }
  return found;
}

/**
 * Which unit of one side is which of the other: first those with weights and those that join
 * branches, by their place in the graph and then by their order; then what stands between them.
 * `told` names pairs by the layers' paths.
 */
export function matchUnits(
  left: readonly Unit[],
  right: readonly Unit[],
  told: ReadonlyMap<string, string> = new Map(),
): Match {
  const partner = new Map<Unit, Unit>();
  const taken = new Set<Unit>();
  const pair = (a: Unit, b: Unit) => {
    partner.set(a, b);
    taken.add(b);
  };
  const open = (units: readonly Unit[]) =>
    units.filter((unit) => anchors.has(unit.kind) && !partner.has(unit) && !taken.has(unit));
  for (const [a, b] of told) {
    const lefts = left.filter(({ call }) => call.path === a);
    const rights = right.filter(({ call }) => call.path === b);
    lefts.forEach((unit, i) => {
      const other = rights[i];
      if (other) pair(unit, other);
    });
  }
  const [of, to] = [colours(left), colours(right)];
  const places: ((colours: Colours, unit: Unit) => string)[] = [
    ({ forward, backward }, { index }) => `${forward.get(index)} ${backward.get(index)}`,
    ({ forward }, { index }) => forward.get(index)!,
    ({ backward }, { index }) => backward.get(index)!,
  ];
  for (const place of places) {
    const groups = new Map<string, Unit[]>();
    for (const unit of open(right)) {
      const at = place(to, unit);
      groups.set(at, [...(groups.get(at) ?? []), unit]);
    }
    for (const unit of open(left)) {
      const candidates = groups.get(place(of, unit));
      if (candidates?.length) pair(unit, candidates.shift()!);
    }
  }
  for (const [a, b] of aligned(open(left), open(right), (x, y) =>
    signature(x) === signature(y) ? 1 : 0,
  )) {
    pair(a, b);
  }
  between(left, right, partner, pair);
  const all = left.filter((unit) => partner.has(unit));
  const numbers = ({ kind }: Unit) => !['shape', 'pad', 'arithmetic'].includes(kind);
  return {
    pairs: all.map((unit) => ({ left: unit, right: partner.get(unit)! })),
    unmatched: {
      left: left.filter((unit) => numbers(unit) && !partner.has(unit)),
      right: right.filter((unit) => numbers(unit) && !taken.has(unit)),
    },
  };
}

/** Matches what follows the same anchor: activations, pooling, dropout. */
function between(
  left: readonly Unit[],
  right: readonly Unit[],
  partner: ReadonlyMap<Unit, Unit>,
  pair: (a: Unit, b: Unit) => void,
): void {
  const rights = new Set(partner.values());
  const paired = (unit: Unit) => partner.has(unit) || rights.has(unit);
  const grouped = (units: readonly Unit[]) => {
    const groups = new Map<number, Unit[]>();
    for (const unit of units) {
      if (anchors.has(unit.kind) || unit.kind === 'shape') continue;
      let anchor = anchorsBefore(unit, units)[0] ?? -1;
      // Behind a layer that only one side has, what pools is still the other side's.
      const passes = ['pool', 'globalPool'].includes(unit.kind);
      while (passes && anchor >= 0 && !paired(units[anchor]!))
        anchor = anchorsBefore(units[anchor]!, units)[0] ?? -1;
      groups.set(anchor, [...(groups.get(anchor) ?? []), unit]);
    }
    return groups;
  };
  const [of, to] = [grouped(left), grouped(right)];
  for (const [anchor, units] of of) {
    const other = anchor < 0 ? -1 : partner.get(left[anchor]!)?.index;
    const others = other === undefined ? undefined : to.get(other);
    if (!others) continue;
    const same = (a: Unit, b: Unit) =>
      a.kind !== b.kind ? 0 : a.settings.fn === b.settings.fn ? 2 : 1;
    for (const [a, b] of aligned(units, others, same)) pair(a, b);
  }
}
