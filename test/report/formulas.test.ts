import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixture, outputFolder, runReport } from './run-report';

jest.setTimeout(600_000);

const output = outputFolder(false);
let page = '';
let markdown = '';
beforeAll(async () => {
  const formats = ['--to', 'html,markdown'];
  const { code } = await runReport('--output', output(), ...formats, fixture('formulas'));
  expect(code).toBe(0);
  page = readFileSync(join(output(), 'formulas.html'), 'utf8');
  markdown = readFileSync(join(output(), 'formulas.md'), 'utf8');
});

const formulas = () => page.match(/<math[\s\S]*?<\/math>/g) ?? [];

test('formulas are MathML on the page: in a line, on their own, environments, in outputs', () => {
  const displays = formulas().map((formula) => /display="(\w+)"/.exec(formula)?.[1]);
  expect(displays).toEqual(expect.arrayContaining(['inline', 'block']));
  const [inLine, own, aligned] = formulas();
  expect(inLine).toMatch(/<msup>.*<mo>&lt;<\/mo>.*<msub>/s);
  expect(own).toMatch(/<mfrac>.*<mo>∑<\/mo>.*<mi>ln<\/mi>/s);
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
