/**
 * The line of a cell that tells best what it does, for the summary of its folded code: the last
 * statement's first line, imports and comments left out.
 */
export function codeHint(source: string): string {
  const code = source
    .replace(/^import\s[\s\S]*?['"][^'"]+['"];?[ \t]*$/gm, '')
    .replace(/^\s*\/\/.*$/gm, '');
  const starts = code.split('\n').filter((line) => /^[^\s)\]}]/.test(line));
  const hint = (starts.at(-1) ?? source.split('\n').find((line) => line.trim()) ?? '').trim();
  return hint.length > 90 ? `${hint.slice(0, 89)}…` : hint;
}
