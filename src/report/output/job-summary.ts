import { failureLine } from '../failure';
import type { Result } from '../result';
import { clock } from './progress';

const marks = {
  passed: '✅ passed',
  cached: '♻️ cached',
  failed: '❌ failed',
  'not-run': '⏭️ not run',
};

/** A run as a Markdown table, with the failures below it. */
export function jobSummary(results: readonly Result[]): string {
  const rows = results.map(({ name, state, cells, record }) =>
    [cell(name), marks[state], cells, record ? clock(record.seconds) : ''].join(' | '),
  );
  const wrong = results.flatMap(({ source, record, differences }) => [
    ...(record?.failure ? [`- **${cell(source)}**, ${code(failureLine(record.failure))}`] : []),
    ...differences.map(
      ({ cell: number, where, recorded, found }) =>
        `- **${cell(source)}**, cell ${number}, ${cell(where)}: recorded ${code(recorded)}, this run ${code(found)}`,
    ),
  ]);
  return [
    '### Notebooks',
    '',
    '| notebook | state | cells | time |',
    '| --- | --- | ---: | ---: |',
    ...rows.map((row) => `| ${row} |`),
    '',
    ...wrong,
    ...(wrong.length > 0 ? [''] : []),
  ].join('\n');
}

/** Text, escaped for Markdown and HTML. */
const cell = (text: string): string =>
  text.replace(/[\\`*_{}[\]<>|#!&]/g, (mark) => `&#${mark.charCodeAt(0)};`).replace(/\s+/g, ' ');

const code = (text: string): string => {
  const short = text.length > 200 ? `${text.slice(0, 199)}…` : text;
  return `<code>${cell(short)}</code>`;
};
