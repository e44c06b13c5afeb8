const { command } = require('./setup/command');

command({
  name: 'report',
  usage: '[options] [notebooks]',
  about: `
Runs notebooks headless and writes reports/index.html with an HTML page for each. A notebook with the
cells, parameters, imports, data and versions of an earlier run is not run again: it is cached.

Which notebooks
  notebooks           numbers or names (05 06), or paths of .ipynb files; default: all
  --only NAMES        the same: --only 05,06
  --skip NAMES        skips notebooks: --skip 03,04

How they run
  --profile NAME      smoke (seconds), quick (default), full (the article's own sizes)
  --seed N            the random seed, default 0
  --set NAME=VALUE    sets a parameter that a notebook declares; can be repeated
  --force             runs cached notebooks again
  --jobs N            how many run at once, default the number of cores, at most 4
  --timeout SECONDS   time limit for one cell; default 120, 600, 3600 by profile
  --timeout-all SECS  time limit for all together; default none

What comes out
  --output DIR        folder of the report, default reports
  --to FORMATS        html (default), pdf, markdown: --to html,pdf
  --junit FILE        also writes the outcome as JUnit XML
  --json              prints events as JSON, one object a line (docs/report.md)
  --verify DIR        compares outputs with those of an earlier report, and shows differences
  --tolerance X       tolerance for numbers, relative above 1; default 1e-4
  --verbose           shows nbconvert's log, and the stack of an error
  --help              shows this

Exit code: 0 all well, 1 a notebook failed or differs, 2 a wrong call, notebook or set-up, 130 interrupted.`,
  main: (argv) => require('../dist/src/report/cli').main(argv),
});
