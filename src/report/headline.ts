import { joined, type Notebook } from './notebook';

/** A notebook's title and summary as plain text: its first heading and its first paragraph. */
export interface Headline {
  title: string;
  summary: string;
}

/** Reads title and summary from a notebook's Markdown cells; `fallback` is the title if there is no heading. */
export function headline(notebook: Notebook, fallback: string): Headline {
  const prose = notebook.cells
    .filter((cell) => cell.cell_type === 'markdown')
    .map((cell) => joined(cell.source))
    .join('\n\n');
  const heading = /^#{1,6}\s+(.+?)\s*#*$/m.exec(prose);
  const paragraph = prose
    .slice(heading ? heading.index + heading[0].length : 0)
    .split(/\n\s*\n/)
    .map((block) => block.trim())
    .find((block) => block !== '' && !/^(#|[-*+|>]|\d+\.|!\[|<|```|\$\$|\\begin\{)/.test(block));
  return {
    title: plain(heading?.[1] ?? fallback),
    summary: plain(paragraph ?? ''),
  };
}

/** The first sentences of a text that fit into `room` characters; at least one. */
export function firstSentences(text: string, most: number): string {
  const [first = '', ...others] = text.split(/(?<=[.?!…]) (?=\p{Lu})/u);
  let shown = first;
  for (const sentence of others) {
    if (shown.length + 1 + sentence.length > most) break;
    shown += ` ${sentence}`;
  }
  return shown;
}

/** Inline Markdown without its marks. */
export const plain = (markdown: string): string =>
  markdown
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|\*|`)(.+?)\1/g, '$2')
    .replace(/\s+/g, ' ')
    .trim();
