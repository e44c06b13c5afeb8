// Keeps the histories of a full run as data/results/full.json.
const { availableParallelism } = require('node:os');
const { command } = require('./setup/command');

async function main() {
  const { recordFullRun } = require('../dist/src/training/runs');
  const machine = `${availableParallelism()} cores, ${process.platform} ${process.arch}`;
  console.log(await recordFullRun(machine));
  return 0;
}

command({
  name: 'record',
  usage: '',
  about: `
Keeps the histories of a full run as data/results/full.json.`,
  main,
});
