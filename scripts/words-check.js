// Words and phrases that stay out of all texts and names: [a pattern of them, what to write instead]. Nothing else of
// the spelling is checked.
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { at, root } = require('./setup/paths');

const forbidden = [
  ['mend(?:s|ed|ing)?', 'fix'],
  ['anew', 'again'],
  ['soonest', 'first'],
  ['(?:where|there)(?:upon|of)|hereof', 'then'],
  ['hitherto|henceforth|thence|betwixt|withal|whilst|albeit|lest', 'until now'],
  ['for want of', 'because there is none'],
  ['told as', 'reported as'],
  ['is none of|what is none', 'is not a'],
  ['is made of no', 'needs'],
  ['so far as', 'if'],
  ['whose names? holds?', 'whose name contains'],
  ['for ever', 'forever'],
  ['in the hands of', 'held by'],
  ['gives nothing back', 'returns nothing'],
  ['manners(?:Of)?', 'constraints'],
  ['furnish(?:es|ed)?', 'add'],
  ['withoutOrders', 'escapeActiveHtml'],
  ['leash', 'endWithParent'],
  ['showpieces?', 'highlights'],
  ['startOf', 'startTime'],
];

const leftOut = [
  'package-lock.json',
  'scripts/words-check.js',
  '*LICENSE',
  'data/results',
  'src/torch/generated/*.ts',
  'src/torch/generated/*.js',
  '*.png',
  '*.svg',
];

// The words of a phrase may stand on two lines of a comment.
const phrases = forbidden.map(([pattern]) => pattern.replaceAll(' ', '\\s+(?:[*#/]+\\s+)?'));
const any = new RegExp(`\\b(?:${phrases.map((phrase) => `(${phrase})`).join('|')})\\b`, 'gi');

/** Each forbidden phrase of a text, as `line:column  'phrase': write '…'`. */
const problems = (text) =>
  [...text.matchAll(any)].map(({ 0: phrase, index, ...groups }) => {
    const place = text.slice(0, index).split('\n');
    const instead = forbidden[forbidden.findIndex((_, i) => groups[i + 1] !== undefined)][1];
    return `${place.length}:${place.at(-1).length + 1}  '${phrase}': write '${instead}'`;
  });

/** The project's files, those too that git doesn't know yet. */
function files() {
  const paths = ['.', ...leftOut.map((path) => `:!${path}`)];
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...paths];
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
}

function read(file) {
  try {
    return readFileSync(at(file), 'utf8');
  } catch (error) {
    // Removed, but git doesn't know yet; or a link to a folder.
    if (error.code === 'ENOENT' || error.code === 'EISDIR') return '';
    throw error;
  }
}

const all = files();
const found = all.flatMap((file) => problems(read(file)).map((problem) => `${file}:${problem}`));
for (const line of found) console.error(line);
console.log(`Checked the words of ${all.length} files.`);
process.exitCode = found.length === 0 ? 0 : 1;
