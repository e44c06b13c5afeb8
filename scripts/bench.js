const { command } = require('./setup/command');

command({
  name: 'bench',
  usage: '[--workload NAME] [--rounds N] [--json]',
  about: `
Times the same work in Python and in TypeScript, in turn, each in its own process, and prints the
median ratio (Python's time / ours: above 1, ours is faster).
Workloads: adds, indexing, nested-arrays, lstm-cell, mlp-step, adam-100, beam-search, article-step,
model-28, transforms, tensorflow-step; all by default. Programs of small operators and the article's
models must give the same bits in both languages. The article's models are also timed in Python's
torch.compile, which needs a C++ compiler, and in tfjs.
Only on request: memory, the growth of the process over 20,000 training steps, in MB;
headless, how much longer the same training takes in a headless notebook than in a plain script; and
kernel, the seconds that a notebook's cells take in our kernel and in ipykernel.`,
  main: (argv) => require('../dist/src/bench/cli').main(argv),
});
