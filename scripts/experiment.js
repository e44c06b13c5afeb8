require('./setup/command').command((argv) => require('../dist/src/experiments/cli').main(argv));
