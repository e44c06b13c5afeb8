import type { Converter } from 'tslab/dist/converter';
import type { MimeBundle } from './rich';
import { printQuickInfo } from './tslab';

type QuickInfo = ReturnType<Converter['inspect']>;

const joined = (parts: readonly { text: string }[] | undefined) =>
  (parts ?? []).map(({ text }) => text).join('');

/** The type and documentation of a name, as text and as Markdown. */
export function inspection(info: QuickInfo): MimeBundle {
  const tags = (info.tags ?? []).map(({ name, text }) => `*@${name}* ${joined(text)}`);
  const markdown = [
    `\`\`\`ts\n${joined(info.displayParts)}\n\`\`\``,
    joined(info.documentation),
    ...tags,
  ];
  return {
    'text/plain': printQuickInfo(info),
    'text/markdown': markdown.filter((part) => part !== '').join('\n\n'),
  };
}

/**
 * Where to look for what a person at a position wants to know of: the name there, the one that ends
 * there, or the function whose call it is in.
 */
export function inspected(code: string, position: number): number[] {
  const places = [position];
  if (position > 0) places.push(position - 1);
  for (let depth = 0, at = position - 1; at >= 0; at--) {
    const character = code[at]!;
    if (')]}'.includes(character)) depth++;
    if (!'([{'.includes(character)) continue;
    if (depth > 0) depth--;
    else if (character === '(' && /[\w$]\s*$/.test(code.slice(0, at))) {
      places.push(code.slice(0, at).trimEnd().length - 1);
      break;
    }
  }
  return places;
}
