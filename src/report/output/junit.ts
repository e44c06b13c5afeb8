import { type Failure, failureLine } from '../failure';
import type { Result } from '../result';
import type { CellRun } from '../run/cell-watch';

/** A run as JUnit XML: a suite for each notebook, a case for each of its executed cells. */
export function junitXml(results: readonly Result[]): string {
  const suites = results.map(suite);
  const total = (count: (result: Result) => number) =>
    results.reduce((sum, result) => sum + count(result), 0);
  const seconds = total((result) => result.record?.seconds ?? 0).toFixed(3);
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="notebooks" tests="${total(cases)}" failures="${total(failures)}" errors="0" time="${seconds}">
${suites.join('\n')}
</testsuites>
`;
}

const cases = ({ cells }: Result): number => cells;

const failures = ({ record, differences }: Result): number => {
  const failed = record?.failure?.cell;
  return (failed ? 1 : 0) + differences.filter(({ cell }) => cell !== failed).length;
};

const suite = (result: Result): string => {
  const { name, cells, record } = result;
  const bodies = Array.from({ length: cells }, (_, index) => testCase(result, index + 1));
  const skipped = bodies.filter((body) => body.includes('<skipped')).length;
  const facts = [
    `name="${escapeXml(name)}"`,
    `tests="${cells}"`,
    `failures="${failures(result)}"`,
    'errors="0"',
    `skipped="${skipped}"`,
    `time="${(record?.seconds ?? 0).toFixed(3)}"`,
    ...(record ? [`timestamp="${record.finished.slice(0, 19)}"`] : []),
  ];
  return `<testsuite ${facts.join(' ')}>\n${bodies.join('\n')}\n</testsuite>`;
};

const testCase = (result: Result, cell: number): string => {
  const run = result.record?.runs.find((candidate) => candidate.cell === cell);
  const time = (run?.seconds ?? 0).toFixed(3);
  const head = `<testcase classname="${escapeXml(result.source)}" name="cell ${cell}" time="${time}"`;
  const inside = outcome(result, cell, run);
  return inside ? `${head}>${inside}</testcase>` : `${head}/>`;
};

const outcome = (result: Result, cell: number, run: CellRun | undefined): string => {
  const { record, differences } = result;
  if (record?.failure?.cell === cell) return failed(record.failure);
  const difference = differences.find((candidate) => candidate.cell === cell);
  if (difference) {
    const { where, recorded, found } = difference;
    const text = `recorded: ${recorded}\nthis run: ${found}`;
    return element('failure', 'Difference', `${where} differs from the recorded run`, text);
  }
  if (!run || run.status === 'aborted') return '<skipped/>';
  return '';
};

const failed = (failure: Failure): string =>
  element('failure', failure.ename, failureLine(failure), failure.evalue);

const element = (name: string, type: string, message: string, text: string): string =>
  `<${name} type="${escapeXml(type)}" message="${escapeXml(message)}">${escapeXml(text)}</${name}>`;

/** Text for XML 1.0: characters that it can't hold, mostly control characters, become `?`. */
const escapeXml = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?')
    .replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
