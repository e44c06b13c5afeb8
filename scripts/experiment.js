const { command, frameworks } = require('./setup/command');

command({
  name: 'experiment',
  usage: '[NAME …] [--profile NAME] [--data NAME] [--json]',
  about: `
Runs the experiments behind notebooks 07 to 09: same-recipe,
what-made-the-difference, choosing; all by default.
--profile is smoke, quick, full; quick by default. The records of a full one go to data/results,
others to data/cache/results. --data is mnist or fashion-mnist.
Finished runs of what-made-the-difference are not repeated: after an interrupt it continues where it stopped, and several
processes with the same call share the runs. A full experiment's are in data/results/runs: delete
that folder to run everything again. choosing measures times: run nothing else meanwhile.`,
  needs: frameworks,
  main: (argv) => require('../dist/src/experiments/cli').main(argv),
});
