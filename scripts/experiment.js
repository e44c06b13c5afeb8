require('./setup/command').command((argv) => require('../dist/src/compare/cli').main(argv));
