// `node snapshot-check.js FILE`: has a compiler that starts from a snapshot compile a cell; ends with 0 if it does.

const { fork } = require('node:child_process');
const { join } = require('node:path');

const compiler = fork(
  join(__dirname, '../../dist/kernels/tandem/compiler-main.js'),
  ['typescript'],
  { execArgv: ['--snapshot-blob', process.argv[2]], serialization: 'advanced' },
);
compiler.on('message', ({ id, result }) => {
  if (id === 1) process.exit(result?.script?.includes('6 * 7') ? 0 : 1);
});
compiler.on('exit', () => process.exit(1));
compiler.send({ id: 1, method: 'compile', parameters: ['6 * 7'] });
