require('./setup/command').command((argv) => require('../dist/src/bench/cli').main(argv));
