// What all commands share: set-up first, then the work, then the exit code.

/**
 * Runs a command: `main` gets the arguments and gives the exit code. An error is one line, with the
 * stack behind --verbose; its `exitCode` decides, else 1.
 */
async function command(main) {
  const argv = process.argv.slice(2);
  try {
    await require('../setup').ensure();
    process.exitCode = await main(argv);
  } catch (error) {
    console.error(argv.includes('--verbose') ? error : error.message);
    process.exit(error.exitCode ?? 1);
  }
}

module.exports = { command };
