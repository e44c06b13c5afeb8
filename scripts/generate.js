// Regenerates src/torch/generated from the operators of the installed wheel.
const { spawnSync } = require('node:child_process');
const { command } = require('./setup/command');
const { at, venv } = require('./setup/paths');

function main(argv) {
  const generator = at('src/torch/generated/generate.py');
  return spawnSync(`${venv}/bin/python`, [generator, ...argv], { stdio: 'inherit' }).status ?? 1;
}

command({
  name: 'generate',
  usage: '[--check]',
  about: `
Writes src/torch/generated from the operators of the installed PyTorch. --check says what would change.`,
  main,
});
