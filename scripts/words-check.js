// Words and phrases that stay out of all texts and names: [a pattern of them, what to write instead]. Nothing else of
// the spelling is checked.
const { spawnSync } = require('node:child_process');
const { root } = require('./setup/paths');

const forbidden = [
  ['mend(s|ed|ing)?', 'fix'],
  ['anew', 'again'],
  ['soonest', 'first'],
  ['(where|there)(upon|of)|hereof', 'then'],
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
  ['manners(Of)?', 'constraints'],
  ['furnish(es|ed)?', 'add'],
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

// git's own search, of the files too that git doesn't know yet.
const { status, stdout, stderr, error } = spawnSync(
  'git',
  [
    ...['grep', '-nIiwoE', '--untracked'],
    ...forbidden.flatMap(([pattern]) => ['-e', pattern]),
    ...['--', '.', ...leftOut.map((path) => `:!${path}`)],
  ],
  { cwd: root, encoding: 'utf8' },
);
if (error) throw new Error(`git can't be run to look for forbidden words: ${error.message}`);
for (const line of stdout.split('\n').filter(Boolean)) {
  const phrase = line.replace(/^.*?:\d+:/, '');
  const [, instead] = forbidden.find(([pattern]) => new RegExp(`^(${pattern})$`, 'i').test(phrase));
  console.error(`${line}: write '${instead}'`);
}
if (stderr !== '') console.error(stderr);
// git gives 1 where nothing is found.
process.exitCode = status === 1 ? 0 : 1;
