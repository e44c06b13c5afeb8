require('./setup/command').command((argv) => require('../dist/src/compare/parity/cli').main(argv));
