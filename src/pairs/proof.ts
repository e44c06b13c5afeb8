import type { Cause, Finding } from './causes';
import type { Differences, Plan } from './measure';

/** All that was found under one name. */
export interface Candidate {
  readonly name: string;
  readonly cause: Cause;
  readonly findings: readonly Finding[];
}

/** Groups findings by the name that they are reported under. */
export function candidates(
  found: readonly { cause: Cause; findings: readonly Finding[] }[],
): Candidate[] {
  const groups = new Map<string, { cause: Cause; findings: Finding[] }>();
  for (const { cause, findings } of found) {
    for (const finding of findings) {
      const group = groups.get(finding.name) ?? { cause, findings: [] };
      group.findings.push(finding);
      groups.set(finding.name, group);
    }
  }
  return [...groups].map(([name, group]) => ({ name, ...group }));
}

/** What a difference falls from and to when a cause is fixed. */
export interface Effect {
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

export interface Proof {
  readonly candidate: Candidate;
  readonly proven: boolean;
  readonly effect: Effect;
  /** All that leaves the tolerance without the fix. */
  readonly effects: readonly Effect[];
}

export interface Proofs {
  /** With none of the causes fixed. */
  readonly before: Differences;
  /** With all of them fixed. */
  readonly after: Differences;
  readonly proofs: readonly Proof[];
}

/** Makes a plan from what is changed anyway and some of the candidates. */
export const planWith = (base: Plan, chosen: readonly Candidate[]): Plan => {
  const plan = structuredClone(base);
  for (const { findings } of chosen) for (const { apply } of findings) apply(plan);
  return plan;
};

/**
 * Fixes all candidates at once, and then all but each one: what differs again is its work. Two
 * causes may hide behind each other, which fixing each alone would not show.
 */
export async function prove(
  base: Plan,
  found: readonly Candidate[],
  measure: (plan: Plan) => Promise<Differences>,
  tolerance: number,
  onProgress?: (done: number, total: number, proofs: readonly Proof[]) => void,
): Promise<Proofs> {
  const total = found.length + 2;
  const before = await measure(base);
  onProgress?.(1, total, []);
  const after = found.length > 0 ? await measure(planWith(base, found)) : before;
  onProgress?.(2, total, []);
  const proofs: Proof[] = [];
  for (const candidate of found) {
    const without =
      found.length === 1
        ? before
        : await measure(
            planWith(
              base,
              found.filter((other) => other !== candidate),
            ),
          );
    const effects = effectsOf(without, after, candidate.cause.tolerance ?? tolerance);
    const [main] = [...effects].sort((a, b) => b.before - a.before);
    proofs.push({
      candidate,
      proven: effects.length > 0,
      effect: main ?? { what: 'outputs', before: largest(without), after: largest(after) },
      effects,
    });
    onProgress?.(2 + proofs.length, total, proofs);
  }
  return { before, after, proofs };
}

/** What leaves the tolerance under one plan and much less, or not at all, under the other. */
function effectsOf(without: Differences, fixed: Differences, tolerance: number): Effect[] {
  return [...without].flatMap(([what, before]) => {
    const after = fixed.get(what) ?? 0;
    return before > tolerance && before > 1.5 * after ? [{ what, before, after }] : [];
  });
}

export const largest = (differences: Differences): number => Math.max(0, ...differences.values());
