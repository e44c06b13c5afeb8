import type { QuickInfo } from 'typescript-6';
import type { MimeBundle } from './rich';

const joined = (parts: readonly { text: string }[] | undefined) =>
  (parts ?? []).map(({ text }) => text).join('');

/** The type and documentation of a name, as text and as Markdown. */
export function inspection(info: QuickInfo): MimeBundle {
  const tags = (info.tags ?? []).map(({ name, text }) => ({ name, text: joined(text) }));
  const type = joined(info.displayParts);
  const documentation = joined(info.documentation);
  const paragraphs = (parts: string[]) => parts.filter((part) => part !== '').join('\n\n');
  return {
    'text/plain': paragraphs([
      type,
      documentation,
      tags.map(({ name, text }) => `@${name} ${text}`).join('\n'),
    ]),
    'text/markdown': paragraphs([
      `\`\`\`ts\n${type}\n\`\`\``,
      documentation,
      ...tags.map(({ name, text }) => `*@${name}* ${text}`),
    ]),
  };
}

/**
 * Where to look up documentation for a position: the name there, the one that ends there, or the
 * function whose call contains it.
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
