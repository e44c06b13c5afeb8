import { join } from 'node:path';
import { drawing, type Figure } from '../../plots';
import { firstSentences, plain } from '../headline';
import { type Cell, hasTag, joined, type MimeBundle } from '../notebook';
import { readExecutedNotebook } from '../notebook-file';
import { currentFigure, plotlyType } from '../pages/plotly-figures';
import type { RunRecord } from '../run-record';

const verdictsType = 'application/vnd.tandem.verdicts+json';

/** The notebook whose first figure is at the top of the index. */
const mainNotebook = '05-comparison';

/** The notebooks whose first prose output answers the index's question, with the question for each. */
const asked = [
  { notebook: '07-same-recipe', question: 'Do the frameworks differ by themselves?' },
  { notebook: '08-what-made-the-difference', question: 'Then what made the difference?' },
] as const;

/** A notebook's answer. */
export interface Answer {
  readonly notebook: string;
  readonly question: string;
  readonly text: string;
}

/** A Plotly figure with its text alternative. */
export interface Highlight {
  readonly figure: Pick<Figure, 'data' | 'layout'>;
  readonly title: string;
  readonly text: string;
}

/** The verdict of the measurements on a claim. */
export interface Verdict {
  readonly claim: string;
  readonly verdict: string;
  readonly evidence: string;
}

/** What the index shows from the executed notebooks in a report's folder. */
export interface IndexHighlights {
  readonly main?: Highlight;
  readonly answers: readonly Answer[];
  readonly verdicts: readonly Verdict[];
  /** By notebook, a drawing of its first figure, or of the figure of its cell tagged `thumbnail`. */
  readonly pictures: ReadonlyMap<string, string>;
}

/** Collects them; missing ones are left out. */
export function indexHighlights(output: string, records: readonly RunRecord[]): IndexHighlights {
  const bundles = new Map<string, MimeBundle[]>();
  const pictures = new Map<string, string>();
  for (const { name } of records) {
    const cells = attempt(() => readExecutedNotebook(join(output, `${name}.ipynb`)))?.cells ?? [];
    bundles.set(name, cells.flatMap(bundlesOf));
    const chosen = cells.filter((cell) => hasTag(cell, 'thumbnail'));
    const picture = [...chosen, ...cells]
      .flatMap(bundlesOf)
      .map(pictureOf)
      .find((svg) => svg !== undefined);
    if (picture) pictures.set(name, picture);
  }
  const all = [...bundles.values()].flat();
  return {
    main: bundles
      .get(mainNotebook)
      ?.map(highlightOf)
      .find((piece) => piece !== undefined),
    answers: asked.flatMap(({ notebook, question }) => {
      const text = bundles.get(notebook)?.find((bundle) => bundle['text/markdown'])?.[
        'text/markdown'
      ];
      return text
        ? [{ notebook, question, text: firstSentences(plain(joined(text)), longest) }]
        : [];
    }),
    verdicts: all.map(verdictsOf).find((verdicts) => verdicts.length > 0) ?? [],
    pictures,
  };
}

/** The maximum length of an answer in the index, in characters. */
const longest = 300;

const bundlesOf = ({ outputs = [] }: Cell): MimeBundle[] =>
  outputs.flatMap(({ data }) => (data ? [data as MimeBundle] : []));

const highlightOf = (bundle: MimeBundle): Highlight | undefined => {
  const figure = bundle[plotlyType] as Highlight['figure'] | undefined;
  if (!figure || !attempt(() => currentFigure(figure))) return undefined;
  const title = figure.layout?.title as string | { text?: string } | undefined;
  return {
    figure: { data: figure.data, layout: figure.layout ?? {} },
    title: (typeof title === 'string' ? title : (title?.text ?? '')).replace(/<[^>]*>/g, ''),
    text: joined(bundle['text/plain']),
  };
};

/** A drawing of a bundle's figure, or its first images; undefined if it has neither. */
const pictureOf = (bundle: MimeBundle): string | undefined => {
  const piece = highlightOf(bundle);
  // A notebook may contain a figure of any shape, and not every one can be drawn.
  const drawn = piece && attempt(() => drawing(piece.figure, { ...thumbnail, bare: true }));
  if (drawn) return drawn;
  const images = joined(bundle['text/html']).match(/data:image\/png;base64,[\w+/=]+/g) ?? [];
  if (images.length === 0) return undefined;
  const shown = images.slice(0, mostImages).map((image) => `<img alt="" src="${image}">`);
  return `<div class="images">${shown.join('')}</div>`;
};

const mostImages = 8;

const thumbnail = { width: 320, height: 180 };

const attempt = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch {
    return undefined;
  }
};

const verdictsOf = (bundle: MimeBundle): Verdict[] => {
  const given = bundle[verdictsType];
  if (!Array.isArray(given)) return [];
  return given.map(({ claim, verdict, evidence }) => ({
    claim: joined(claim),
    verdict: joined(verdict),
    evidence: joined(evidence),
  }));
};
