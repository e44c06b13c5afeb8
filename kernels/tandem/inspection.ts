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
