// `npm run doctor [-- --json]`: every part, its version, its state and how to fix it. Repairs nothing.
const { commandLine } = require('../src/command/invocation');
const { examine } = require('./doctor/parts');
const { table } = require('./doctor/table');

async function main(argv) {
  if (argv.includes('--help')) {
    console.log(
      `${commandLine('doctor', '[--json]')}\n\nShows every part, its version, its state and how to fix it. Changes nothing.`,
    );
    return 0;
  }
  const unknown = argv.find((argument) => argument !== '--json');
  if (unknown) {
    console.error(`Unknown argument ${unknown}. The only option is --json.`);
    return 2;
  }
  const parts = await examine();
  const ok = parts.every((part) => part.state === 'ok' || part.optional);
  console.log(argv.includes('--json') ? JSON.stringify({ ok, parts }, null, 2) : table(parts, ok));
  return ok ? 0 : 1;
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
