const { command, frameworks } = require('./setup/command');

command({
  name: 'parity',
  usage:
    '[--suite NAME] [--only TEXT] [--seed N] [--steps N] [--device NAME] [--isa NAME] [--json]',
  about: `
Does the same work in Python and in TypeScript and compares the results.
Suites: article-pytorch, article-tensorflow, devices, examples, frameworks, names, nn, ops; all by default.
--only selects the cases whose name contains one of TEXT,…. --steps sets the training steps of suites that train.
--device has PyTorch work on a GPU, in both languages: cuda (suites article-pytorch, nn, ops; see test/gpu/check.sh).
--isa limits the libraries of both languages to an instruction set: avx2, sse4.
Exit code 1 if something differs.`,
  needs: frameworks,
  main: (argv) => require('../dist/src/parity/cli').main(argv),
});
