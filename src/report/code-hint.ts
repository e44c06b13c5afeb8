/** More than this is cut off on most screens. */
const longest = 100;

/**
 * What tells best what a cell does, for the summary of its folded code: its last statement, on one
 * line; imports and comments left out.
 */
export function codeHint(source: string): string {
  const code = source
    .replace(/^import\s[\s\S]*?['"][^'"]+['"];?[ \t]*$/gm, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .trimEnd();
  // A statement begins where a line does, at the left, with anything but a closing bracket.
  const all = code.split('\n');
  const begins = (line: string) => /^[^\s)\]}]/.test(line);
  // A text alone tells what is shown, and not how.
  const text = /^`.*`;?$/.test(all.at(-1)!) && all.slice(0, -1).some(begins);
  const lines = text ? all.slice(0, -1) : all;
  const start = lines.findLastIndex(begins);
  const statement = start < 0 ? source.trim() : lines.slice(start).join('\n');
  const hint = statement
    .replace(/\s+/g, ' ')
    .replace(/([([]) /g, '$1')
    .replace(/,? ([)\]])/g, '$1')
    .replace(/, }/g, ' }');
  return hint.length > longest ? `${hint.slice(0, longest - 1)}…` : hint;
}
