require('./setup/command').command((argv) => require('../dist/src/examples/cli').main(argv));
