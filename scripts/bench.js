require('./setup/command').command((argv) => require('../dist/src/compare/bench/cli').main(argv));
