// `npm run pack [-- FOLDER]`: tandem-lab and tandem-torch as npm would publish them, into build/packages.
const { spawnSync } = require('node:child_process');
const { mkdirSync } = require('node:fs');
const { resolve } = require('node:path');
const { command } = require('./setup/command');
const { at, root } = require('./setup/paths');
const { stage } = require('./tandem-lab/stage');

function main([folder]) {
  const to = folder ? resolve(folder) : at('build/packages');
  mkdirSync(to, { recursive: true });
  stage();
  const workspaces = ['--workspace', 'tandem-torch', '--workspace', 'tandem-lab'];
  const args = ['pack', ...workspaces, '--pack-destination', to, '--silent'];
  const { status, stdout } = spawnSync('npm', args, { cwd: root, encoding: 'utf8' });
  if (status === 0) for (const file of stdout.trim().split('\n')) console.log(resolve(to, file));
  return status === 0 ? 0 : 1;
}

command({
  name: 'pack',
  usage: '[FOLDER]',
  about: `
Writes tandem-lab and tandem-torch as npm would publish them, into build/packages or FOLDER.`,
  main,
});
