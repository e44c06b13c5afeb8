import { basename } from 'node:path';
import type { CauseReport, Comparison } from '../../pairs/result';
import {
  describeProgram,
  difference,
  forwardText,
  lossesText,
  programNames,
  proofText,
  shortPlace,
  startText,
  stepText,
  trainingText,
} from '../../pairs/text';
import { comparisonFigures, type Figure } from '../../plots';
import { escapeHtml } from '../../plots/escape';
import { badge, figureHtml, htmlPage, templateFile } from './html-page';

/** The page of one comparison. */
export function comparisonPage(found: Comparison): string {
  const names = programNames(found);
  const figures = comparisonFigures(found);
  return htmlPage({
    title: `${names.left} and ${names.right}`,
    kind: 'index comparison',
    styles: ['index', 'comparison'],
    home: `<span class="home">${templateFile('mark.svg')}Tandem</span>`,
    main: `<div class="opening">
<h1>${escapeHtml(names.left)} and ${escapeHtml(names.right)}</h1>
<p class="lead">${escapeHtml(found.text)}</p>
<ul class="run"><li>${verdictBadge(found)}</li>${[found.left, found.right].map((info) => `<li>${escapeHtml(describeProgram(info))}</li>`).join('')}</ul>
</div>
${summary(found)}
${figures[0] ? untitled(figures[0]) : ''}
${causesHtml(found, names)}
${remainingHtml(found)}
${figures.slice(1).map(untitled).join('\n')}
${matchHtml(found)}
${found.notes.length > 0 ? `<section><h2>Notes</h2><ul class="prose">${found.notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul></section>` : ''}`,
    foot: `<p>Compared in ${found.seconds.toFixed(1)} s; proofs in ${found.precision}.</p>`,
    figures,
  });
}

const verdictBadge = ({ verdict }: Comparison): string =>
  verdict === 'equal'
    ? badge('good', '✓ equal')
    : verdict === 'equal after changes'
      ? badge('open', '≈ equal after changes')
      : verdict === 'interrupted'
        ? badge('open', '… interrupted')
        : badge('bad', '✕ different');

/** A figure whose title is its caption. */
const untitled = (figure: Figure): string => {
  const { layout, summary: words } = figure;
  const title = (layout.title as { text?: string } | undefined)?.text ?? '';
  return figureHtml({ ...figure, layout: { ...layout, title: undefined } }, { title, words });
};

const summary = (found: Comparison): string => {
  const unmatched = [...found.unmatched.left, ...found.unmatched.right];
  const rows: [string, string | undefined][] = [
    [
      'Match',
      `${found.match.length} layers match${unmatched.length > 0 ? `; without a counterpart: ${unmatched.join(', ')}` : ''}.`,
    ],
    ['Start', startText(found)],
    ['Forward', forwardText(found)],
    ['In training', trainingText(found)],
    ['One step', stepText(found)],
    ['More steps', lossesText(found)],
  ];
  return `<section aria-labelledby="summary"><h2 id="summary">What was compared</h2>
<dl class="answers">
${rows
  .filter(([, text]) => text)
  .map(([label, text]) => `<div><dt>${label}</dt><dd>${escapeHtml(text!)}</dd></div>`)
  .join('\n')}
</dl></section>`;
};

function causesHtml({ causes }: Comparison, names: { left: string; right: string }): string {
  if (causes.length === 0) return '';
  return `<section aria-labelledby="causes"><h2 id="causes">The causes</h2>
<ol class="causes">
${causes.map((cause) => causeHtml(cause, names)).join('\n')}
</ol></section>`;
}

const causeHtml = (cause: CauseReport, names: { left: string; right: string }): string => {
  const { name, proven, layers, places, sources, fix } = cause;
  const where = [...layers.slice(0, 6), ...places.map(shortPlace)].join(', ');
  const rows: [string, string][] = [
    [names.left, cause.left],
    [names.right, cause.right],
    ['Fix', `${names.left}: ${fix.left}`],
    ['or', `${names.right}: ${fix.right}`],
    ['Proof', proofText(cause)],
  ];
  return `<li><h3><code>${escapeHtml(name)}</code> ${proven ? badge('good', '✓ proven') : badge('open', '? possible')}</h3>
<p>${escapeHtml(cause.summary)}${where ? ` <span class="where">${escapeHtml(where)}</span>` : ''}</p>
<dl>${rows.map(([label, text]) => `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(text)}</dd></div>`).join('')}
<div><dt>Sources</dt><dd>${sources.map((url) => `<a href="${escapeHtml(url)}" rel="noopener">${escapeHtml(new URL(url).hostname)}</a>`).join(', ')}</dd></div></dl></li>`;
};

const remainingHtml = ({ remaining, reproduction }: Comparison): string =>
  remaining.length === 0
    ? ''
    : `<section><h2>What no known cause explains</h2><div class="output html"><table><thead><tr><th>what</th><th class="number">difference</th></tr></thead><tbody>
${remaining
  .slice(0, 12)
  .map(
    ({ what, difference: value }) =>
      `<tr><td>${escapeHtml(what)}</td><td class="number">${difference(value)}</td></tr>`,
  )
  .join('\n')}
</tbody></table></div>${reproduction ? `<p>To reproduce it: <code>${escapeHtml(basename(reproduction))}</code>, beside this page, has the weights, inputs and outputs of both sides.</p>` : ''}</section>`;

const matchHtml = ({ match, forward }: Comparison): string => {
  const byLayer = new Map(forward.map((row) => [row.layer, row]));
  return `<section><h2>The layers</h2><div class="output html"><table>
<thead><tr><th>left</th><th>right</th><th>kind</th><th>weights</th><th class="number">outputs apart</th><th class="number">in training</th></tr></thead><tbody>
${match
  .map(
    ({ left, right, kind, weights }) =>
      `<tr><td>${escapeHtml(left)}</td><td>${escapeHtml(right)}</td><td>${escapeHtml(kind)}</td><td>${escapeHtml(weights.join(', '))}</td><td class="number">${byLayer.has(left) ? difference(byLayer.get(left)!.relative) : ''}</td><td class="number">${byLayer.has(left) ? difference(byLayer.get(left)!.training) : ''}</td></tr>`,
  )
  .join('\n')}
</tbody></table></div></section>`;
};
