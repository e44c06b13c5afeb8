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
  const lines = code.split('\n');
  const start = lines.findLastIndex((line) => /^[^\s)\]}]/.test(line));
  const statement = start < 0 ? source.trim() : lines.slice(start).join('\n');
  const hint = statement
    .replace(/\s+/g, ' ')
    .replace(/([([]) /g, '$1')
    .replace(/,? ([)\]])/g, '$1')
    .replace(/, }/g, ' }');
  return hint.length > longest ? `${hint.slice(0, longest - 1)}…` : hint;
}
