// What all commands share: set-up first, then the work, then the exit code.

const { fileFault, needWritableProject } = require('./file-faults');

/**
 * Runs a command: `main` gets the arguments and gives the exit code. An error is one line, with the
 * stack behind --verbose; its `exitCode` decides, else 2 where a file or folder was refused, else 1.
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
