import type { SuiteResult } from '../suite';
import type { Outcome } from './comparison';
import { reasonOf } from './reasons';

/** The goal: the share of ATen functions whose samples are all identical. */
const goal = 0.98;

/** ATen functions, functions that Python writes on top of several, and calls that should be refused. */
export const groups = ['aten', 'python', 'refused'] as const;

export type Group = (typeof groups)[number];

/** How the samples of one operator compare. */
export interface Tally {
  /** The operator, with the database's variant in brackets. */
  readonly name: string;
  readonly group: Group;
  samples: number;
  identical: number;
  different: number;
  unsupported: number;
  /** The first difference. */
  first?: string;
  /** The reason, if known. */
  reason?: string;
}

export const emptyTally = (name: string, group: Group): Tally => ({
  name,
  group,
  samples: 0,
  identical: 0,
  different: 0,
  unsupported: 0,
});

export function count(tally: Tally, dtype: string, { kind, reason }: Outcome): void {
  tally.samples++;
  tally[kind]++;
  if (reason !== undefined) tally.first ??= `${dtype}: ${reason}`;
}

export const isIdentical = ({ samples, identical }: Tally): boolean => samples === identical;

const total = (tallies: readonly Tally[], figure: 'samples' | Outcome['kind']): number =>
  tallies.reduce((sum, tally) => sum + tally[figure], 0);

/** The figures of some operators; `ok` if each one that is not identical has a reason. */
export function summarize(kind: Group, tallies: readonly Tally[]): SuiteResult {
  const rest = tallies.filter((tally) => !isIdentical(tally));
  for (const tally of rest) {
    const reason = reasonOf(tally.name, kind === 'refused');
    if (reason) tally.reason = reason;
  }
  const identicalOps = tallies.length - rest.length;
  const explained = rest.every(({ reason }) => reason);
  return {
    suite: 'ops',
    ok:
      explained && (kind !== 'aten' || rest.length === 0 || identicalOps / tallies.length >= goal),
    kind,
    ops: tallies.length,
    identicalOps,
    share: identicalOps / tallies.length,
    samples: total(tallies, 'samples'),
    identical: total(tallies, 'identical'),
    different: total(tallies, 'different'),
    unsupported: total(tallies, 'unsupported'),
    rest,
    list: tallies,
  };
}
