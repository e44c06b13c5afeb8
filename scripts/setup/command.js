// Shared by all commands: help, set-up, then the work, then the exit code.

const { commandLine } = require('../../src/command/invocation');
const { fileFault, needWritableProject } = require('./file-faults');

/**
 * Runs a command. `--help` prints how it is called, `usage`, and what it does, `about`, at once. Otherwise set-up makes
 * the steps `needs`, all by default, and `main` takes the arguments and returns the exit code. An error is printed in
 * one line, with its stack if --verbose is set. The exit code is the error's `exitCode`, else 2 for a file system
 * error, else 1.
 */
async function command({ name, usage = '', about = '', needs, main }) {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    console.log(`${commandLine(name, usage)}\n\n${about.trim()}`);
    return;
  }
  try {
    needWritableProject();
    await require('../setup').ensure(needs);
    process.exitCode = await main(argv);
  } catch (error) {
    const fault = fileFault(error);
    console.error(argv.includes('--verbose') ? error : (fault ?? error.message));
    process.exit(error.exitCode ?? (fault ? 2 : 1));
  }
}

/** The steps without Jupyter. */
const frameworks = ['tensorflow', 'torch', 'typescript', 'link'];

module.exports = { command, frameworks };
