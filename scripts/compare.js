require('./setup/command').command((argv) => require('../dist/src/report/compare').main(argv));
