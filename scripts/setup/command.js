// Shared by all commands: set-up, then the work, then the exit code.

const { fileFault, needWritableProject } = require('./file-faults');

/**
 * Runs a command: `main` takes the arguments and returns the exit code. An error is printed in one line, with
 * its stack if --verbose is set. The exit code is the error's `exitCode`, else 2 for a file system error, else 1.
 */
async function command(main) {
  const argv = process.argv.slice(2);
  try {
    needWritableProject();
    await require('../setup').ensure();
    process.exitCode = await main(argv);
  } catch (error) {
    const fault = fileFault(error);
    console.error(argv.includes('--verbose') ? error : (fault ?? error.message));
    process.exit(error.exitCode ?? (fault ? 2 : 1));
  }
}

module.exports = { command };
