// Checks the text of the workflow: it runs the tests and a quick report, with scripts and options that exist, and
// keeps the report of failed runs too.
const { readFileSync } = require('node:fs');
const { at } = require('./setup/paths');

const path = '.github/workflows/notebooks.yml';
const workflow = readFileSync(at(path), 'utf8');
const { scripts } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
const reportHelp = readFileSync(at('scripts/report.js'), 'utf8');

const commands = [...workflow.matchAll(/^ *(?:- )?run: (.+)$/gm)].map(([, command]) => command);
const upload =
  workflow.split(/^ *- /m).find((step) => step.includes('actions/upload-artifact')) ?? '';

const problems = [];
const expect = (holds, problem) => holds || problems.push(problem);

expect(/^ *push:/m.test(workflow), 'does not run on pushes');
expect(commands.includes('npm test'), 'does not run npm test');
expect(
  commands.some((command) => command.includes('--profile quick')),
  'does not run the quick report',
);
for (const command of commands) {
  const [, name] = /^npm (?:run )?([\w:]+)/.exec(command) ?? [];
  expect(name in scripts, `"${command}" is not a script of package.json`);
  for (const option of command.match(/--[a-z][\w-]*/g) ?? []) {
    expect(reportHelp.includes(`  ${option} `), `${option} is not an option of npm run report`);
  }
}
expect(/^ *if: always\(\)$/m.test(upload), 'does not keep the report of failed runs');
expect(/^ *path: reports$/m.test(upload), 'does not keep reports/');

for (const problem of problems) console.error(`${path}: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
