import { readFileSync } from 'node:fs';
import temml from 'temml';
import { inProject } from '../../files/paths';
import { escapeHtml } from '../../plots/escape';

/** A formula as the exporter leaves it: its LaTeX as text. */
const mark = /<code class="formula" data-display="(inline|block)">([^<]*)<\/code>/g;

/**
 * A page with its formulas as MathML, which needs no script. A formula with an error or an unsupported
 * command stays text. Definitions in a formula apply to the formulas after it.
 */
export function withFormulas(page: string): string {
  const macros: Record<string, unknown> = {};
  const formulas = [...page.matchAll(mark)].map(([, display, text = '']) => {
    const latex = textOf(text).trim();
    const formula = mathml(latex, display === 'block', macros);
    return formula ?? `<code class="formula">${escapeHtml(latex)}</code>`;
  });
  if (formulas.length === 0) return page;
  const numbers = new Numbers(formulas);
  const inOrder = formulas.values();
  return page
    .replace(mark, () => numbers.referred(inOrder.next().value!))
    .replace('</head>', () => `<style>\n${style()}</style>\n</head>`);
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  '#39': "'",
};

const textOf = (html: string): string =>
  html.replace(/&(#?\w+);/g, (whole, name) => entities[name] ?? whole);

const mathml = (
  latex: string,
  displayMode: boolean,
  macros: Record<string, unknown>,
): string | undefined => {
  try {
    const options = { displayMode, macros, throwOnError: true, trust: false };
    return temml.renderToString(inTemml(latex), options);
  } catch {
    return undefined;
  }
};

/** Commands of MathJax, which Jupyter uses, that temml lacks or names differently. */
const inTemml = (latex: string): string =>
  latex
    .replace(/\\require\{[^}]*\}/g, '')
    .replace(/\\mbox\b/g, '\\text')
    .replace(/\\(begin|end)\{eqnarray\*?\}/g, (_, edge) =>
      edge === 'begin' ? '\\begin{darray}{rcl}' : '\\end{darray}',
    )
    // Its lines share one number; temml would number each line.
    .replace(/\\(begin|end)\{multline\}/g, '\\$1{multline*}')
    // Defined for all later formulas, even if the name is taken.
    .replace(
      /\\(?:re|provide)?newcommand\*?\s*\{?(\\[A-Za-z]+)\}?\s*(?:\[(\d)\])?\s*\{/g,
      (_, name, count = 0) =>
        `\\gdef${name}${[...Array(Number(count)).keys()].map((index) => `#${index + 1}`).join('')}{`,
    )
    .replace(
      /\\DeclareMathOperator(\*?)\s*\{?(\\[A-Za-z]+)\}?\s*\{([^{}]*)\}/g,
      '\\gdef$2{\\operatorname$1{$3}}',
    )
    .replace(/\\def(?=\s*\\)/g, '\\gdef');

/** The numbers of a page's equations, by their labels. */
class Numbers {
  #count = 0;
  readonly #byLabel = new Map<string, string>();

  constructor(formulas: readonly string[]) {
    for (const formula of formulas) this.#read(formula);
  }

  /** Collects the numbers of a formula's rows, explicit or counted by the style sheet. */
  #read(formula: string): void {
    let label: string | undefined;
    const parts =
      /<(?:mtr|mtable)[^>]*? id="([^"]+)"|class="tml-eqn"|class="tml-tag"[^>]*>(.*?)<\/mtext>/g;
    for (const [whole, id, tag] of formula.matchAll(parts)) {
      if (id !== undefined) {
        label = id;
        continue;
      }
      const number = whole.includes('tml-eqn') ? String(++this.#count) : tag;
      if (label !== undefined && number) this.#byLabel.set(label, number.replace(/^\(|\)$/g, ''));
      label = undefined;
    }
  }

  /** Fills in a formula's references; an unknown one is `(?)`, as in LaTeX. */
  referred(formula: string): string {
    return formula.replace(
      /<a href='#([^']*)' class="tml-ref( tml-eqref)?"><\/a>/g,
      (_, label, parentheses) => {
        const number = this.#byLabel.get(label) ?? '?';
        return `<a href="#${label}">${parentheses ? `(${number})` : number}</a>`;
      },
    );
  }
}

let known: string | undefined;
/** temml's style sheet, its letter font, and a math font. */
const style = (): string => {
  known ??= [
    fontFace(
      'STIX Two Math',
      '@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2',
    ),
    fontFace('Temml', 'temml/dist/Temml.woff2'),
    readFileSync(inProject('node_modules/temml/dist/Temml-Local.css'), 'utf8')
      .replace(/@font-face\s*\{[^}]*\}/, '')
      .replace(/font-family: "Cambria Math"[^;]*;/, 'font-family: "STIX Two Math", math;'),
  ].join('\n');
  return known;
};

const fontFace = (family: string, file: string): string => {
  const data = readFileSync(inProject('node_modules', file), 'base64');
  return `@font-face { font-family: '${family}'; src: url(data:font/woff2;base64,${data}) format('woff2'); }`;
};
