import type { Match, Matched } from '../match';
import type { Plan } from '../measure';
import type { Patch, Side, SidePlan } from '../side';
import { labelOf, type Unit } from '../units';

export type Which = 'left' | 'right';

/** Both sides, as causes see them. */
export interface PairView {
  readonly left: Side;
  readonly right: Side;
  readonly match: Match;
  /** The side that a cause changes for its proof: PyTorch's where there is one, else the right. */
  readonly changed: Which;
  readonly keras?: Which;
  readonly torch?: Which;
}

/** Something read on both sides that may make their numbers differ. */
export interface Finding {
  readonly name: string;
  /** What each side has, in terms of its code. */
  readonly left: string;
  readonly right: string;
  /** The layer, for people, and the line of each program. */
  readonly layer?: string;
  readonly places: readonly (string | null)[];
  /** How to change either side to match the other. */
  readonly fix: { readonly left: string; readonly right: string };
  /** Changes one side to match the other, in its process. */
  readonly apply: (plan: Plan) => void;
  /** Set where no setting of either framework removes it, so that only its size can be told. */
  readonly unremovable?: string;
}

/** One kind of difference. */
export interface Cause {
  readonly name: string;
  /** What it is, in one sentence. */
  readonly summary: string;
  readonly sources: readonly string[];
  /** What in float64 is no rounding, where it is less than for other causes. */
  readonly tolerance?: number;
  find(pair: PairView): Finding[];
}

export const other = (which: Which): Which => (which === 'left' ? 'right' : 'left');

/** Adds a patch of one call to a side's plan. */
export function addPatch(plan: SidePlan, key: string, patch: Patch): void {
  plan.patches ??= {};
  const old = plan.patches[key] ?? {};
  plan.patches[key] = {
    ...old,
    ...patch,
    ...((old.input || patch.input) && { input: [...(old.input ?? []), ...(patch.input ?? [])] }),
    ...((old.args || patch.args) && { args: { ...old.args, ...patch.args } }),
    ...((old.params || patch.params) && { params: { ...old.params, ...patch.params } }),
  };
}

/** The pairs of one kind, with the side that is changed and the one that stays. */
export const pairsOf = (
  { match, changed }: PairView,
  ...kinds: Unit['kind'][]
): { pair: Matched; own: Unit; reference: Unit }[] =>
  match.pairs
    .filter(({ left }) => kinds.includes(left.kind))
    .map((pair) => ({ pair, own: pair[changed], reference: pair[other(changed)] }));

export const placesOf = ({ left, right }: Matched): (string | null)[] => [
  left.call.place,
  right.call.place,
];

/** A number as a person writes it: `1e-3`, `0.99`. */
export function short(value: unknown): string {
  if (typeof value !== 'number') return String(value);
  if (value !== 0 && Math.abs(value) < 0.01) return Number(value.toPrecision(6)).toExponential();
  return String(Number(value.toPrecision(6)));
}

/** What takes the model's input first. */
export const firstUnit = ({ units }: Side): Unit | undefined =>
  units.find(({ sources }) => sources[0] === -1);

/** Whether two settings are the same number, but for how a float32 keeps it. */
export const same = (a: unknown, b: unknown): boolean =>
  typeof a === 'number' && typeof b === 'number'
    ? Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b))
    : JSON.stringify(a) === JSON.stringify(b);

/** How a setting of a layer is called on either side. */
export interface SettingName {
  readonly keras: { readonly name: string; readonly value?: (shared: number) => number };
  readonly torch: { readonly name: string; readonly value?: (shared: number) => number };
}

/** Findings for one numeric setting of a kind of layer that both frameworks have under two names. */
export function settingDiffers(
  view: PairView,
  name: string,
  kind: Unit['kind'],
  setting: string,
  called: SettingName,
  chosen: (unit: Unit) => boolean = () => true,
): Finding[] {
  return pairsOf(view, kind).flatMap(({ pair, own, reference }) => {
    const [a, b] = [pair.left.settings[setting], pair.right.settings[setting]];
    if (same(a, b) || a == null || b == null || !chosen(own) || !chosen(reference)) return [];
    const code = (which: Which, value: unknown) => {
      const { name: argument, value: convert } = called[view[which].framework];
      return `${argument}=${short(convert ? convert(value as number) : value)}`;
    };
    return [
      {
        name,
        left: code('left', a),
        right: code('right', b),
        layer: labelOf(pair.left),
        places: placesOf(pair),
        fix: { left: code('left', b), right: code('right', a) },
        apply(plan: Plan) {
          const { name: argument, value: convert } = called[view[view.changed].framework];
          const value = reference.settings[setting] as number;
          addPatch(plan[view.changed], own.call.key, {
            args: { [argument]: convert ? convert(value) : value },
          });
        },
      },
    ];
  });
}
