#!/usr/bin/env node
// `npx tandem COMMAND`: Tandem in a person's project. What a command needs lies in the project's folder .tandem.

const { spawn, spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const usage = `tandem COMMAND [arguments]

  new NAME     a small project to start from
  report       runs notebooks headless and writes reports/index.html
  lab          JupyterLab with the TypeScript kernel
  kernel       kernel install: the kernel for a Jupyter of your own, or VS Code
  compare      compares two programs that should have the same model
  experiment   runs the experiments of Tandem's notebooks
  example      trains a small model
  parity       compares TypeScript with Python
  bench        times TypeScript and Python
  doctor       every part, its version, its state and how to fix it

tandem COMMAND --help describes a command.`;

const commands = [
  'report',
  'lab',
  'kernel',
  'compare',
  'experiment',
  'example',
  'parity',
  'bench',
  'doctor',
];

/** The nearest folder with a package.json, else this one. */
function projectOf(folder) {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    if (existsSync(join(at, 'package.json'))) return at;
  }
  return folder;
}

/** Puts this version's files into .tandem; what set-up has made there stays. */
function unpack(tandem) {
  const archive = join(__dirname, 'project.tgz');
  // Another build of the same version counts as another.
  const mark = createHash('sha256').update(readFileSync(archive)).digest('hex');
  const stamp = join(tandem, 'unpacked');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === mark) return;
  mkdirSync(tandem, { recursive: true });
  rmSync(stamp, { force: true });
  for (const part of ['dist', 'scripts', 'kernels', 'data/results']) {
    rmSync(join(tandem, part), { recursive: true, force: true });
  }
  const { status, error, stderr } = spawnSync('tar', ['-xzf', archive, '-C', tandem], {
    encoding: 'utf8',
  });
  if (status !== 0) throw error ?? new Error(stderr.trim());
  // Git and linters leave the folder alone.
  writeFileSync(join(tandem, '.gitignore'), '*\n');
  writeFileSync(stamp, mark);
}

function main([name, ...args]) {
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(usage);
    return;
  }
  if (name === '--version') {
    console.log(require('./package.json').version);
    return;
  }
  if (name === 'new') {
    process.exitCode = require('./new').create(args);
    return;
  }
  if (!commands.includes(name)) {
    console.error(`tandem has no command "${name}".\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  // In a clone, its own scripts.
  if (existsSync(join(__dirname, '../setup.js')))
    return start(join(__dirname, '..', `${name}.js`), args, {});
  const project = projectOf(process.cwd());
  const tandem = join(project, '.tandem');
  try {
    unpack(tandem);
  } catch (error) {
    console.error(`${tandem} can't be written: ${error.message}`);
    process.exitCode = 2;
    return;
  }
  start(join(tandem, 'scripts', `${name}.js`), args, { TANDEM_PROJECT: project });
}

function start(script, args, environment) {
  const env = { ...process.env, ...environment, INIT_CWD: process.cwd() };
  const child = spawn(process.execPath, [script, ...args], { env, stdio: 'inherit' });
  // The command itself answers a signal.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
  }
  child.on('close', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

main(process.argv.slice(2));
