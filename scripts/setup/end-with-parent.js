// Runs the command in its arguments, and kills it with everything that it started once the set-up,
// which holds the other end of stdin, has ended: a killed set-up must leave no npm or pip running.

const { spawn } = require('node:child_process');

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
child.on('error', (error) => {
  console.error(error.code === 'ENOENT' ? `${command} was not found` : error.message);
  process.exit(127);
});
child.on('close', (code, signal) => {
  if (signal) process.kill(process.pid, signal);
  else process.exit(code);
});
process.stdin.on('close', () => process.kill(-process.pid, 'SIGKILL')).resume();
