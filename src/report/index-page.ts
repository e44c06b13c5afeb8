import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../paths';
import { failureLine } from './failure';
import type { Notebook } from './notebook';
import { dateAndTime, pageHref, scriptNonce, versionLine } from './pages';
import { clock } from './progress';
import type { RunRecord } from './run-record';
import { writeWhole } from './whole-file';

const plotly = 'application/vnd.plotly.v1+json';

/** The notebook whose first figure stands at the top of the index. */
const mainNotebook = '05-comparison';

/** Writes a report's index.html: the experiment, its main figure, a card for each page. */
export function writeIndexPage(output: string, records: readonly RunRecord[]): void {
  writeWhole(join(output, 'index.html'), indexPage(records, mainFigure(output, records)));
}

/** A Plotly figure with the text that stands for it. */
interface MainFigure {
  figure: unknown;
  text: string;
}

const mainFigure = (output: string, records: readonly RunRecord[]): MainFigure | undefined => {
  const record = records.find(({ name }) => name === mainNotebook);
  if (!record) return undefined;
  const path = join(output, `${record.name}.ipynb`);
  const { cells }: Notebook = JSON.parse(readFileSync(path, 'utf8'));
  const bundle = cells
    .flatMap((cell) => cell.outputs ?? [])
    .map((out) => out.data as Record<string, unknown> | undefined)
    .find((data) => data?.[plotly]);
  return bundle && { figure: bundle[plotly], text: [bundle['text/plain'] ?? ''].flat().join('') };
};

const indexPage = (records: readonly RunRecord[], main: MainFigure | undefined): string => {
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
${templateFile('style.css')}</style>
</head>
<body class="index">
<main>
<header class="opening">
<p class="home">Tandem</p>
<h1>Does the framework matter?</h1>
<p class="lead">PyTorch and TensorFlow, the real libraries, train side by side in one TypeScript
process on the handwritten digits of MNIST. The notebooks below retell a beginner’s comparison of
the two, run it, and look at what was measured.</p>
</header>
${main ? figureHtml(main) : ''}
<section aria-labelledby="notebooks">
<h2 id="notebooks">Notebooks</h2>
<ol class="cards">
${records.map(card).join('\n')}
</ol>
</section>
</main>
<footer>${foot(records)}</footer>
${main ? [script(plotlySource()), script(templateFile('page.js'))].join('\n') : ''}
</body>
</html>
`;
};

const figureHtml = ({ figure, text }: MainFigure): string => `<figure class="output plot main">
<div class="canvas"></div>
<script type="application/json">${scriptJson(figure)}</script>
${text ? `<details><summary>The same in text</summary><pre>${escapeHtml(text)}</pre></details>` : ''}
</figure>`;

const card = (record: RunRecord): string => {
  const { name, title, summary, state, failure } = record;
  const facts = [
    `${record.profile} profile`,
    clock(record.seconds),
    dateAndTime(record.finished),
  ].join(' · ');
  return `<li class="card ${state}">
<h3><a href="${escapeHtml(pageHref(name))}">${escapeHtml(title)}</a></h3>
<p>${escapeHtml(summary)}</p>
${failure ? `<p class="why">${escapeHtml(failureLine(failure))}</p>` : ''}
<p class="facts"><span class="state">${state}</span> ${escapeHtml(facts)}</p>
</li>`;
};

const foot = (records: readonly RunRecord[]): string => {
  const latest = [...records].sort((a, b) => a.finished.localeCompare(b.finished)).at(-1);
  return latest ? `<p>${escapeHtml(versionLine(latest))}</p>` : '';
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

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
