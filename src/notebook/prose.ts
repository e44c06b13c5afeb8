import { display } from './display';

/** Shows Markdown, for prose whose numbers are computed. */
export function markdown(text: string): void {
  display({ 'text/markdown': text, 'text/plain': text });
}

/** A share, 0 to 1, as it stands in prose: `0.9761` is `97.61 %`. */
export const percent = (share: number, digits = 2): string => `${(100 * share).toFixed(digits)} %`;

/** A claim and the verdict of the measurements; see `testClaims`. */
interface Verdict {
  readonly claim: string;
  readonly verdict: string;
  readonly evidence: string;
}

/** Escapes text for a cell of a Markdown table. */
const literal = (text: string) => text.replace(/[\\|<>*_`[\]$]/g, (mark) => `\\${mark}`);

/** Shows claims and verdicts as a table; a report's index repeats them. */
export function showVerdicts(verdicts: readonly Verdict[]): void {
  const rows = verdicts.map(
    ({ claim, verdict, evidence }) =>
      `| ${literal(claim)} | **${literal(verdict)}** | ${literal(evidence)} |`,
  );
  const table = ['| the article says | it | because |', '|:--|:--|:--|', ...rows].join('\n');
  const lines = verdicts.map(({ claim, verdict, evidence }) => `${claim} ${verdict}: ${evidence}`);
  display({
    'application/vnd.tandem.verdicts+json': verdicts,
    'text/markdown': table,
    'text/plain': lines.join('\n'),
  });
}
