const { command } = require('./setup/command');

command({
  name: 'example',
  usage: 'NAME [--steps N] [--seed N]',
  about: `
Trains one of the small models of src/examples and shows the result.
Examples: lstm, resnet, transformer, vae.`,
  needs: ['torch', 'typescript', 'link'],
  main: (argv) => require('../dist/src/examples/cli').main(argv),
});
