require('./setup/command').command((argv) => require('../dist/src/parity/cli').main(argv));
