import { causes, type PairView } from './causes';
import type { Match } from './match';
import { type Candidate, candidates, type Proofs } from './proof';
import { fails } from './proof-runs';
import type { CauseReport, Comparison, ProgramInfo } from './result';
import type { Side } from './side';
import { unmeasured } from './text';
import { labelOf } from './units';

/** A cause as a result has it. */
export function report(
  { name, cause, findings }: Candidate,
  { proven, effect }: Proofs['proofs'][number],
): CauseReport {
  const [first] = findings;
  const distinct = (values: readonly string[]) => [...new Set(values)].join('; ');
  return {
    name,
    summary: cause.summary,
    proven,
    left: distinct(findings.map(({ left }) => left)),
    right: distinct(findings.map(({ right }) => right)),
    layers: findings.flatMap(({ layer }) => (layer ? [layer] : [])),
    places: [
      ...new Set(
        findings.flatMap(({ places }) => places).filter((place): place is string => place !== null),
      ),
    ],
    fix: {
      left: distinct(findings.map(({ fix }) => fix.left)),
      right: distinct(findings.map(({ fix }) => fix.right)),
    },
    ...(first?.unremovable && { unremovable: first.unremovable }),
    before: effect.before,
    after: effect.after,
    measured: effect.what,
    sources: cause.sources,
  };
}

/** What the causes and what they leave come to, in one line. */
export function verdictOf(
  reports: readonly CauseReport[],
  remaining: readonly { what: string; difference: number }[],
  first: string | undefined,
  unseen: readonly string[],
): Pick<Comparison, 'verdict' | 'text'> {
  const proven = reports.filter(({ proven }) => proven).map(({ name }) => name);
  if (remaining.length > 0) {
    const failed = remaining.find(({ what }) => what.startsWith(fails));
    if (failed) {
      const found = proven.length > 0 ? ` Proven of the outputs: ${proven.join(', ')}.` : '';
      return { verdict: 'different', text: `Different: ${failed.what}${found}` };
    }
    const where = first ? `, first at ${first}` : `, in ${remaining[0]!.what}`;
    const explained = proven.length > 0 ? ` beside ${proven.join(', ')}` : '';
    return { verdict: 'different', text: `Different${where}: cause unknown${explained}.` };
  }
  if (proven.length > 0) {
    return {
      verdict: 'equal after changes',
      text: `Equal after these changes: ${proven.join(', ')}.`,
    };
  }
  if (unseen.length > 0) {
    const text = `Different: no counterpart was found for ${unseen.join(', ')}; --map settles which layer is which.`;
    return { verdict: 'different', text };
  }
  return { verdict: 'equal', text: 'Equal: every layer, a step and the losses agree to rounding.' };
}

/** What has no counterpart, and so was not compared: without a loss nothing else speaks for it. */
export const unseen = ({ unmatched }: Match): string[] =>
  [...unmatched.left, ...unmatched.right].map(labelOf);

/** Both programs, and what was matched of them. */
export const overview = ({
  left,
  right,
  match,
}: PairView): Pick<Comparison, 'left' | 'right' | 'match' | 'unmatched'> => ({
  left: info(left),
  right: info(right),
  match: matchRows(match),
  unmatched: {
    left: match.unmatched.left.map(labelOf),
    right: match.unmatched.right.map(labelOf),
  },
});

const matchRows = ({ pairs }: Match): Comparison['match'] =>
  pairs
    .filter(({ left: { kind } }) => kind !== 'shape')
    .map(({ left: a, right: b }) => ({
      left: labelOf(a),
      right: labelOf(b),
      kind: a.kind,
      weights: Object.entries(a.slots)
        .filter(([role]) => b.slots[role])
        .map(([role, slot]) => `${role} ${slot.shape.join('×')}`),
    }));

const info = ({ program, description, parameters }: Side): ProgramInfo => ({
  path: program.path,
  framework: description.framework,
  version: description.version,
  model: description.model,
  parameters,
});

/** What can be said of two models that don’t take one batch: how they are built. */
export function apart(view: PairView, start: Comparison['start'], started: number): Comparison {
  const found = candidates(causes.map((cause) => ({ cause, findings: cause.find(view) })));
  const none = { what: unmeasured, before: 0, after: 0 };
  const reports = found.map((candidate) =>
    report(candidate, { candidate, proven: false, effect: none, effects: [] }),
  );
  return {
    ...overview(view),
    verdict: 'different',
    text: `Different: the models don’t take one batch, so only how they are built is compared: ${reports.map(({ name }) => name).join(', ')}.`,
    start,
    forward: [],
    causes: reports,
    notes: [],
    remaining: [],
    precision: 'float64',
    seconds: (Date.now() - started) / 1000,
  };
}
