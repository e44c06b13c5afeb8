import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { escapeHtml } from '../../src/plots/escape';
import { withFormulas } from '../../src/report/pages/formulas';
import { fixture, outputFolder } from './fixture';
import { renderReport } from './render-report';

/** What becomes of formulas that stand after each other on a page. */
const typeset = (...formulas: string[]): string[] => {
  const marked = formulas.map(
    (latex) => `<code class="formula" data-display="block">${escapeHtml(latex)}</code>`,
  );
  const page = withFormulas(`<head></head>${marked.join('\n<hr>')}`);
  return page.slice(page.indexOf('</head>') + 7).split('\n<hr>');
};

/** The alignment of a table's columns: what each cell of its first row says. */
const columns = (formula: string): string[] =>
  [.../<mtr[^>]*>(.*?)<\/mtr>/.exec(formula)![1]!.matchAll(/<mtd(?: class="tml-(\w+)")?/g)].map(
    ([, side]) => side ?? 'centre',
  );

test.each([
  ['aligned', '\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}', 2, ['right', 'left']],
  ['gathered', '\\begin{gathered} a \\\\ b \\end{gathered}', 2, ['centre']],
  [
    'eqnarray',
    '\\begin{eqnarray} a &=& b \\\\ c &=& d \\end{eqnarray}',
    2,
    ['right', 'centre', 'left'],
  ],
  ['cases', 'f = \\begin{cases} 1 & x > 0 \\\\ 0 & \\text{else} \\end{cases}', 2, ['left', 'left']],
  ['split', '\\begin{split} a &= b \\\\ &= c \\end{split}', 2, ['right', 'left']],
  ['array', '\\begin{array}{l|r} a & b \\\\ \\hline c & d \\end{array}', 2, ['left', 'right']],
])('%s has its rows, and its columns where LaTeX puts them', (_, latex, rows, sides) => {
  const [formula = ''] = typeset(latex);
  expect(formula.match(/<mtr/g)).toHaveLength(rows);
  expect(columns(formula)).toEqual(sides);
});

test.each([
  '\\begin{multline} a + b \\\\ + c \\end{multline}',
  '\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}',
  '\\operatorname*{arg\\,max}_\\theta \\mathcal{L}(\\theta)',
  '\\underbrace{a + b}_{n} \\overset{!}{=} \\bigg[ \\frac12 \\bigg]',
  '\\bm{x}^\\top \\mathbf{W} \\xrightarrow{f} \\mbox{words here}',
  '\\require{cancel} \\cancel{x} \\ce{H2O}',
  '\\lVert x \\rVert_2 \\stackrel{d}{\\to} \\mathbb{E}[X]',
  '\\nabla_\\theta J = \\mathbb{E}\\left[\\sum_t \\gamma^t r_t \\middle| s_0 \\right]',
])('%s is a formula', (latex) => {
  const [formula] = typeset(latex);
  expect(formula).toMatch(/^<math /);
  expect(formula).not.toMatch(/\\[a-z]|ParseError|temml-error/);
});

test.each([
  '\\frac{1',
  '\\nosuchcommand{x}',
  '\\left( x',
  '\\unicode{x263a}',
  '\\href{javascript:alert(1)}{x}',
  'a & b',
  '\\begin{nosuch} x \\end{nosuch}',
])('%s can’t be shown, and stays text', (latex) => {
  expect(typeset(latex)).toEqual([`<code class="formula">${escapeHtml(latex)}</code>`]);
});

test('what a formula defines holds in the ones after it', () => {
  const [, real, twice, operator] = typeset(
    '\\newcommand{\\R}{\\mathbb{Q}} \\newcommand\\twice[1]{#1 #1} \\DeclareMathOperator{\\relu}{ReLU} 1',
    ...['x \\in \\R', '\\twice{z}', '\\relu(x)'],
  );
  expect(real).toContain('ℚ');
  expect(twice?.match(/<mi>z<\/mi>/g)).toHaveLength(2);
  expect(operator).toContain('ReLU');
});

test('equations are numbered, and references have their numbers, also to what comes later', () => {
  const [first, , third] = typeset(
    '\\text{See } \\eqref{eq:late}',
    '\\begin{align} a &= b \\\\ c &= d \\label{eq:late} \\end{align}',
    '\\begin{equation} e \\tag{A} \\label{tagged} \\end{equation} \\text{ is } \\ref{tagged} \\eqref{none}',
  );
  expect(first).toContain('(2)</a>');
  expect(third).toMatch(/>A<\/a>.*>\(\?\)<\/a>/s);
});

const output = outputFolder(false);
let page = '';
let markdown = '';
beforeAll(async () => {
  const formats = ['--to', 'html,markdown'];
  const { code } = await renderReport(output(), ...formats, fixture('formulas'));
  expect(code).toBe(0);
  page = readFileSync(join(output(), 'formulas.html'), 'utf8');
  markdown = readFileSync(join(output(), 'formulas.md'), 'utf8');
});

const formulas = () => page.match(/<math[\s\S]*?<\/math>/g) ?? [];

test('formulas are MathML on the page: in a line, on their own, environments, in outputs', () => {
  const displays = formulas().map((formula) => /display="(\w+)"/.exec(formula)?.[1]);
  expect(displays).toEqual(expect.arrayContaining([undefined, 'block']));
  const [inLine, own, aligned] = formulas();
  expect(inLine).toMatch(/<msup>.*<mo[^>]*>&lt;<\/mo>.*<msub>/s);
  expect(own).toMatch(/<mfrac>.*<mo[^>]*>∑<\/mo>.*<mi>ln<\/mi>/s);
  expect(aligned).toMatch(/<mtable/);
  expect(page).toMatch(/An output: <math.*<msqrt>.*<\/math> of \$3 in all\./);
});

test('money and code keep their dollars', () => {
  const text = page.replace(/<[^>]*>/g, '');
  expect(text).toContain(
    'It costs $5 and not $10, from US$3-$4 up; $7 and $8 are escaped, $HOME and $PATH are code',
  );
  expect(text).toContain('echo $HOME $PATH');
  expect(page).toMatch(/<td>\$5<\/td>\s*<td>\$6<\/td>/);
});

test('a formula may have spaces within its dollars, and bars in a table', () => {
  expect(page).toMatch(/With spaces, <math.*?<msup>.*?<msub>.*?<\/math>, but not \$ 5 and \$ 6\./s);
  expect(page).toMatch(/<td><math(?:(?!<\/td>).)*<mi>z<\/mi>(?:(?!<\/td>).)*<\/math><\/td>/s);
});

test('a formula with a mistake stays text, and what is in it stays harmless', () => {
  for (const latex of ['\\frac{1', '\\nosuchcommand{x}', '\\left( x']) {
    expect(page).toContain(`<code class="formula">${latex}</code>`);
  }
  expect(page).toMatch(/<mtext>&lt;img.src=x.onerror=alert\(1\)&gt;<\/mtext>/);
  expect(page).not.toMatch(/<img src=x|<script>alert/);
  expect(page).toContain('\\nosuch&lt;b&gt;bold&lt;/b&gt;');
});

test('Markdown keeps formulas as they are written', () => {
  expect(markdown).toContain('$a^2 + b^2 < c_1$');
  expect(markdown).toContain('$$L = -\\frac{1}{N} \\sum_{i=1}^{N} \\ln p_i$$');
});
