// Words and phrases that stay out of all texts and names: [where they are looked for, the word marked, instead].
// Nothing else is checked: this is no dictionary.
const forbidden = [
  ['mend(?:s|ed|ing)?', ['mend', 'mends', 'mended', 'mending'], 'fix'],
  ['anew', ['anew'], 'again'],
  ['soonest', ['soonest'], 'first'],
  [
    '(?:where|there|here)(?:upon|of|by|unto)',
    ['whereupon', 'whereof', 'thereupon', 'thereof', 'hereof'],
    'then',
  ],
  [
    'hitherto|henceforth|thence|betwixt|withal|whilst|albeit|lest',
    ['hitherto', 'henceforth', 'thence', 'betwixt', 'withal', 'whilst', 'albeit', 'lest'],
    'until now',
  ],
  ['for want of', ['want'], 'because there is none'],
  ['told as', ['told'], 'reported as'],
  ['is none of|what is none', ['none'], 'is not a'],
  ['is made of no', ['made'], 'needs'],
  ['so far as', ['far'], 'if'],
  ['whose names? holds?', ['holds', 'hold'], 'whose name contains'],
  ['for ever', ['ever'], 'forever'],
  ['in the hands of', ['hands'], 'held by'],
  ['gives nothing back', ['back'], 'returns nothing'],
  ['manners(?:Of)?', ['manners'], 'constraints'],
  ['furnish(?:es|ed)?', ['furnish', 'furnishes', 'furnished'], 'add'],
  ['withoutOrders', ['orders'], 'escapeActiveHtml'],
  ['leash', ['leash'], 'endWithParent'],
  ['showpieces?', ['showpiece', 'showpieces'], 'highlights'],
  ['startOf', ['start'], 'startTime'],
];

// The words of a phrase may stand on two lines of a comment.
const patterns = forbidden.map(([pattern]) => pattern.replaceAll(' ', '\\s+(?:[*#/]+\\s+)?'));

module.exports = {
  version: '0.2',
  language: 'en',
  loadDefaultConfiguration: false,
  gitignoreRoot: '.',
  useGitignore: true,
  ignorePaths: [
    '.git',
    'package-lock.json',
    'cspell.config.js',
    'LICENSE',
    'data/results',
    'src/torch/generated/*.{ts,js}',
    '*.png',
    '*.svg',
  ],
  unknownWords: 'report-flagged',
  includeRegExpList: [`/\\b(?:${patterns.join('|')})\\b/gi`],
  flagWords: forbidden.flatMap(([, words, instead]) => words.map((word) => `${word}->${instead}`)),
};
