import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeHtml } from '../escape';
import { inProject } from '../paths';
import { writeWhole } from '../whole-file';
import { failureLine } from './failure';
import { dateAndTime, duration, pageHref, scriptNonce, versionLine } from './pages';
import type { RunRecord } from './run-record';
import { type Showpiece, type Showpieces, showpieces, type Verdict } from './showpieces';

/** Writes a report's index.html: the experiment, its main figure, the verdicts, a card for each page. */
export function writeIndexPage(output: string, records: readonly RunRecord[]): void {
  writeWhole(join(output, 'index.html'), indexPage(records, showpieces(output, records)));
}

const indexPage = (
  records: readonly RunRecord[],
  { main, verdicts, pictures }: Showpieces,
): string => {
  const nonce = scriptNonce();
  const script = (text: string) => `<script nonce="${nonce}">\n${text}</script>`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Tandem: PyTorch and TensorFlow side by side</title>
<style>
${styles.map((part) => templateFile(`style/${part}.css`)).join('\n')}</style>
${script(templateFile('theme.js'))}
</head>
<body class="index">
<header class="bar"><div>
<nav aria-label="Report"><a class="home" href="index.html" aria-current="page">${templateFile('mark.svg')}Tandem</a></nav>
<button type="button" class="theme-switch" aria-label="Switch the theme" hidden>${templateFile('moon.svg')}${templateFile('sun.svg')}</button>
</div></header>
<div class="page">
<main>
<div class="opening">
<h1>Does the framework matter?</h1>
<p class="lead">PyTorch and TensorFlow, the real libraries, train side by side in one TypeScript
process on the handwritten digits of MNIST. These notebooks retell a beginner’s comparison of the
two, run it again, and ask of each claim whether the measurements bear it out.</p>
${runState(records)}
</div>
${main ? figureHtml(main) : ''}
${verdicts.length > 0 ? verdictsHtml(verdicts) : ''}
<section aria-labelledby="notebooks">
<h2 id="notebooks">The notebooks</h2>
<ol class="cards">
${records.map((record, index) => card(record, index, pictures.get(record.name))).join('\n')}
</ol>
</section>
</main>
<footer>${foot(records)}</footer>
</div>
${main ? [script(plotlySource()), script(templateFile('plots.js'))].join('\n') : ''}
</body>
</html>
`;
};

const styles = ['theme', 'layout', 'prose', 'outputs', 'index', 'print'];

const latestOf = (records: readonly RunRecord[]): RunRecord | undefined =>
  [...records].sort((a, b) => a.finished.localeCompare(b.finished)).at(-1);

const distinct = (values: readonly (string | number)[]): string => [...new Set(values)].join(', ');

/** Whether all went well, at which size, how long it took and when that was. */
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

const badge = (tone: 'good' | 'bad' | 'open', text: string): string =>
  `<span class="badge ${tone}">${escapeHtml(text)}</span>`;

const figureHtml = ({ figure, title, text }: Showpiece): string => {
  const words = escapeHtml(text || title);
  return `<figure class="output plot main">
${title ? `<figcaption>${escapeHtml(title)}</figcaption>` : ''}
<div class="canvas" data-words="${words}"></div>
<script type="application/json">${scriptJson(figure)}</script>
${words ? `<details><summary>In words</summary><p>${words}</p></details>` : ''}
</figure>`;
};

const verdictTones: Readonly<Record<string, 'good' | 'bad'>> = {
  holds: 'good',
  'does not hold': 'bad',
};
const verdictMarks = { good: '✓', bad: '✕', open: '?' } as const;

const verdictsHtml = (verdicts: readonly Verdict[]): string => {
  const held = verdicts.filter(({ verdict }) => verdict === 'holds').length;
  return `<section aria-labelledby="verdicts">
<h2 id="verdicts">What the measurements say</h2>
<p class="section-lead">Of the article’s ${verdicts.length} claims, ${held === 0 ? 'none' : held} ${held === 1 ? 'holds' : 'hold'} on these runs.</p>
<ul class="verdicts">
${verdicts.map(verdictHtml).join('\n')}
</ul>
</section>`;
};

const verdictHtml = ({ claim, verdict, evidence }: Verdict): string => {
  const tone = verdictTones[verdict] ?? 'open';
  return `<li><p class="claim">${escapeHtml(claim)}</p><p>${badge(tone, `${verdictMarks[tone]} ${verdict}`)}</p><p class="evidence">${escapeHtml(evidence)}</p></li>`;
};

const card = (record: RunRecord, index: number, picture: string | undefined): string => {
  const { name, title, summary, state, failure } = record;
  return `<li class="card ${failure ? 'failed' : 'passed'}">
<div class="picture" aria-hidden="true">${picture ?? index + 1}</div>
<div class="words">
<h3><a href="${escapeHtml(pageHref(name))}">${escapeHtml(title)}</a></h3>
<p>${escapeHtml(summary)}</p>
${failure ? `<p class="why">${escapeHtml(failureLine(failure))}</p>` : ''}
<div class="facts">${badge(failure ? 'bad' : 'good', `${failure ? '✕' : '✓'} ${state}`)}
<span>${record.cells} cells in ${escapeHtml(duration(record.seconds))}</span></div>
</div>
</li>`;
};

const foot = (records: readonly RunRecord[]): string => {
  const latest = latestOf(records);
  if (!latest) return '';
  const commit = latest.commit ? ` · commit\u00a0${latest.commit}` : '';
  return `<p>${escapeHtml(versionLine(latest) + commit)}</p>`;
};

const templateFile = (name: string): string =>
  readFileSync(inProject('src', 'report', 'template', 'tandem', name), 'utf8');

const plotlySource = (): string =>
  readFileSync(
    inProject('node_modules', 'plotly.js-cartesian-dist-min', 'plotly-cartesian.min.js'),
    'utf8',
  );

/** JSON that no text in it can end the script element of. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c');
