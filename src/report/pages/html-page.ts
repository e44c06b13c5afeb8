import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../../files/paths';
import { escapeHtml } from '../../plots/escape';
import { currentFigure, partsFor, plotlyFolder } from './plotly-figures';

/** A number that a page's policy and its own scripts share, so that no other script runs. */
export const scriptNonce = (): string => randomBytes(16).toString('hex');

/** A figure as a notebook's output has it. */
type ShownFigure = Parameters<typeof currentFigure>[0];

/** What a page of our own has besides the head and the bar that all have. */
export interface HtmlPage {
  readonly title: string;
  /** Classes of the body. */
  readonly kind: string;
  /** Names of style sheets that not every page has. */
  readonly styles: readonly string[];
  /** The name at the top as HTML; the theme's switch stands beside it. */
  readonly home: string;
  readonly main: string;
  readonly foot: string;
  /** The figures that its scripts draw. */
  readonly figures: readonly ShownFigure[];
}

/** A page that isn't a notebook's: a single file that needs no network and runs only its own scripts. */
export function htmlPage({ title, kind, styles, home, main, foot, figures }: HtmlPage): string {
  const nonce = scriptNonce();
  const script = (text: string) => `<script nonce="${nonce}">\n${text}</script>`;
  const sheets = ['theme', 'layout', 'prose', 'outputs', 'verdicts', ...styles, 'print'];
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-${nonce}'; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>
${sheets.map((part) => templateFile(`style/${part}.css`)).join('\n')}</style>
${script(templateFile('theme.js'))}
</head>
<body class="${kind}">
<header class="bar"><div>
<nav aria-label="Report">${home}</nav>
<button type="button" class="theme-switch" aria-label="Switch the theme" hidden>${templateFile('moon.svg')}${templateFile('sun.svg')}</button>
</div></header>
<div class="page">
<main>
${main}
</main>
<footer>${foot}</footer>
</div>
${figures.length > 0 ? plotScripts(figures).map(script).join('\n') : ''}
</body>
</html>
`;
}

export const templateFile = (name: string): string =>
  readFileSync(inProject('src', 'report', 'template', 'tandem', name), 'utf8');

/** The scripts that draw figures. */
const plotScripts = (figures: readonly ShownFigure[]): string[] => {
  const { bundle } = partsFor(figures.map(currentFigure))!;
  return [readFileSync(join(plotlyFolder, bundle), 'utf8'), templateFile('plots.js')];
};

/** A figure that the page's scripts draw, with what it shows in words. */
export const figureHtml = (
  figure: ShownFigure,
  { title, words }: { title: string; words: string },
): string => `<figure class="output plot main">
${title ? `<figcaption>${escapeHtml(title)}</figcaption>` : ''}
<div class="canvas" data-words="${escapeHtml(words)}"></div>
<script type="application/json">${scriptJson(figure)}</script>
${words ? `<details><summary>In words</summary><p>${escapeHtml(words)}</p></details>` : ''}
</figure>`;

/** JSON in which no text can end the script element. */
const scriptJson = (value: unknown): string => JSON.stringify(value).replace(/</g, '\\u003c');

export const badge = (tone: 'good' | 'bad' | 'open', text: string): string =>
  `<span class="badge ${tone}">${escapeHtml(text)}</span>`;
