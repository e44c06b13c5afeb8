import { join } from 'node:path';
import { drawing, type Figure } from '../plots';
import { firstSentences, plain } from './headline';
import { type Cell, hasTag, joined, type MimeBundle } from './notebook';
import { readExecutedNotebook } from './notebook-file';
import { currentFigure, plotlyType } from './plotly-figures';
import type { RunRecord } from './run-record';

const verdictsType = 'application/vnd.tandem.verdicts+json';

/** The notebook whose first figure stands at the top of the index. */
const mainNotebook = '05-comparison';

/** The notebooks whose first prose output answers the question of the index, with what each is asked. */
const asked = [
  { notebook: '07-same-recipe', question: 'Do the frameworks differ by themselves?' },
  { notebook: '08-what-made-the-difference', question: 'Then what made the difference?' },
] as const;

/** What a notebook has found. */
export interface Answer {
  readonly notebook: string;
  readonly question: string;
  readonly text: string;
}

/** A Plotly figure with the text that stands for it. */
export interface Showpiece {
  readonly figure: Pick<Figure, 'data' | 'layout'>;
  readonly title: string;
  readonly text: string;
}

/** What the measurements say of a claim. */
export interface Verdict {
  readonly claim: string;
  readonly verdict: string;
  readonly evidence: string;
}

/** What the index shows of the executed notebooks in a report's folder. */
export interface Showpieces {
  readonly main?: Showpiece;
  readonly answers: readonly Answer[];
  readonly verdicts: readonly Verdict[];
  /** A drawing of each notebook's first figure, or of that of the cell tagged `thumbnail`, by its name. */
  readonly pictures: ReadonlyMap<string, string>;
}

/** Gathers them; what a notebook doesn't have is left out. */
export function showpieces(output: string, records: readonly RunRecord[]): Showpieces {
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
      ?.map(showpieceOf)
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

/** An answer as the index has room for it, in characters. */
const longest = 300;

const bundlesOf = ({ outputs = [] }: Cell): MimeBundle[] =>
  outputs.flatMap(({ data }) => (data ? [data as MimeBundle] : []));

const showpieceOf = (bundle: MimeBundle): Showpiece | undefined => {
  const figure = bundle[plotlyType] as Showpiece['figure'] | undefined;
  if (!figure || !attempt(() => currentFigure(figure))) return undefined;
  const title = figure.layout?.title as string | { text?: string } | undefined;
  return {
    figure: { data: figure.data, layout: figure.layout ?? {} },
    title: (typeof title === 'string' ? title : (title?.text ?? '')).replace(/<[^>]*>/g, ''),
    text: joined(bundle['text/plain']),
  };
};

/** A drawing of a bundle's figure, or the first images in it; undefined where it shows neither. */
const pictureOf = (bundle: MimeBundle): string | undefined => {
  const piece = showpieceOf(bundle);
  // A figure of any shape may stand in a notebook, and not every one can be drawn.
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
