require('./setup/command').command((argv) => require('../dist/src/report/cli').main(argv));
