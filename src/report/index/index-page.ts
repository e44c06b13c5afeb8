import { join } from 'node:path';
import { writeWhole } from '../../files/whole-file';
import { escapeHtml } from '../../plots/escape';
import { failureLine } from '../failure';
import { firstSentences } from '../headline';
import { badge, figureHtml, htmlPage, templateFile } from '../pages/html-page';
import { dateAndTime, duration, pageHref, versionLine } from '../pages/pages';
import type { RunRecord } from '../run-record';
import { type Answer, type IndexHighlights, indexHighlights, type Verdict } from './highlights';

/** Writes a report's index.html: the experiment, its main figure, the verdicts, a card for each page. */
export function writeIndexPage(output: string, records: readonly RunRecord[]): void {
  writeWhole(join(output, 'index.html'), indexPage(records, indexHighlights(output, records)));
}

const indexPage = (
  records: readonly RunRecord[],
  { main, answers, verdicts, pictures }: IndexHighlights,
): string =>
  htmlPage({
    title: 'Tandem: PyTorch and TensorFlow side by side',
    kind: 'index',
    styles: ['index'],
    home: `<a class="home" href="index.html" aria-current="page">${templateFile('mark.svg')}Tandem</a>`,
    main: `<div class="opening">
<h1>Does the framework matter?</h1>
<p class="lead">An article for beginners trained a classifier of handwritten digits in TensorFlow and
another in PyTorch, and put the two curves below beside each other. These notebooks run it again with
the real libraries, in one TypeScript process, and look for what makes the difference.</p>
${runState(records)}
</div>
${answers.length > 0 ? answersHtml(answers, records) : ''}
${main ? figureHtml(main.figure, { title: main.title, words: main.text || main.title }) : ''}
${verdicts.length > 0 ? verdictsHtml(verdicts) : ''}
<section aria-labelledby="notebooks">
<h2 id="notebooks">The notebooks</h2>
<ol class="cards">
${records.map((record, index) => card(record, index, pictures.get(record.name))).join('\n')}
</ol>
</section>`,
    foot: foot(records),
    figures: main ? [main.figure] : [],
  });

const latestOf = (records: readonly RunRecord[]): RunRecord | undefined =>
  [...records].sort((a, b) => a.finished.localeCompare(b.finished)).at(-1);

const distinct = (values: readonly (string | number)[]): string => [...new Set(values)].join(', ');

/** The state of the runs: outcome, profile, seed, duration and time. */
const runState = (records: readonly RunRecord[]): string => {
  const latest = latestOf(records);
  if (!latest) return '';
  const failed = records.filter(({ failure }) => failure).length;
  const facts = [
    `profile ${distinct(records.map(({ profile }) => profile))}`,
    `seed ${distinct(records.map(({ seed }) => seed))}`,
    `${duration(records.reduce((sum, { seconds }) => sum + seconds, 0))} of computing`,
    dateAndTime(latest.finished),
  ];
  const state = failed
    ? badge('bad', `✕ ${failed} of ${records.length} notebooks failed`)
    : badge('good', `✓ all ${records.length} notebooks passed`);
  return `<ul class="run"><li>${state}</li>${facts.map((fact) => `<li>${escapeHtml(fact)}</li>`).join('')}</ul>`;
};

/** Text with typographic quotes. */
const prose = (text: string): string =>
  escapeHtml(text.replace(/(?<=\w)'(?=\w)/g, '’').replace(/(?<=\d) %/g, '\u00a0%'));

const answersHtml = (answers: readonly Answer[], records: readonly RunRecord[]): string => {
  const answer = ({ notebook, question, text }: Answer) => {
    const number = records.findIndex(({ name }) => name === notebook) + 1;
    return `<div><dt>${prose(question)}</dt>
<dd>${prose(text)} <a href="${escapeHtml(pageHref(notebook))}">Notebook\u00a0${number}</a></dd></div>`;
  };
  return `<section aria-labelledby="answers"><h2 id="answers">The short answer</h2>
<dl class="answers">
${answers.map(answer).join('\n')}
</dl>
</section>`;
};

const verdictTones: Readonly<Record<string, 'good' | 'bad'>> = {
  holds: 'good',
  'does not hold': 'bad',
};
const verdictMarks = { good: '✓', bad: '✕', open: '?' } as const;

const verdictsHtml = (verdicts: readonly Verdict[]): string => {
  const counts = Object.entries(counted).flatMap(([verdict, [one, many]]) => {
    const count = verdicts.filter((result) => result.verdict === verdict).length;
    return count > 0 ? [`${count} ${count === 1 ? one : many}`] : [];
  });
  return `<section aria-labelledby="verdicts">
<h2 id="verdicts">What the measurements say</h2>
<p class="section-lead">Of the article’s ${verdicts.length} claims, ${escapeHtml(list(counts))}.</p>
<ul class="verdicts">
${verdicts.map(verdictHtml).join('\n')}
</ul>
</section>`;
};

const counted: Readonly<Record<string, readonly [one: string, many: string]>> = {
  holds: ['holds', 'hold'],
  'does not hold': ['does not', 'do not'],
  'cannot be tested': ['cannot be tested by training', 'cannot be tested by training'],
};

const list = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

const verdictHtml = ({ claim, verdict, evidence }: Verdict): string => {
  const tone = verdictTones[verdict] ?? 'open';
  return `<li><p class="claim">${prose(claim)}</p><p>${badge(tone, `${verdictMarks[tone]} ${verdict}`)}</p><p class="evidence">${prose(evidence)}</p></li>`;
};

const card = (record: RunRecord, index: number, picture: string | undefined): string => {
  const { name, title, summary, state, failure } = record;
  return `<li class="card ${failure ? 'failed' : 'passed'}">
<div class="picture" aria-hidden="true">${picture ?? index + 1}</div>
<div class="words">
<p class="ordinal">Notebook ${index + 1}</p>
<h3><a href="${escapeHtml(pageHref(name))}">${prose(title)}</a></h3>
<p>${prose(firstSentences(summary, 180))}</p>
${failure ? `<p class="why">${escapeHtml(failureLine(failure))}</p>` : ''}
<div class="facts">${badge(failure ? 'bad' : 'good', `${failure ? '✕' : '✓'} ${state}`)}
<span>${record.cells} ${record.cells === 1 ? 'cell' : 'cells'} in ${escapeHtml(duration(record.seconds))}</span></div>
</div>
</li>`;
};

const foot = (records: readonly RunRecord[]): string => {
  const latest = latestOf(records);
  if (!latest) return '';
  const commit = latest.commit ? ` · commit\u00a0${latest.commit}` : '';
  return `<p>${escapeHtml(versionLine(latest) + commit)}</p>`;
};
