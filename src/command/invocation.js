// Plain JavaScript, since set-up says it too.

const { existsSync } = require('node:fs');
const { join } = require('node:path');

/** An installed package has no TypeScript to build. */
const isClone = existsSync(join(__dirname, '../../tsconfig.json'));

/** How one of our commands is called here: `npm run report -- 05` in a clone, `npx tandem report 05` in a project. */
function commandLine(name, args = '') {
  const [start, rest] = isClone
    ? ['npm run', args && ` -- ${args}`]
    : ['npx tandem', args && ` ${args}`];
  return `${start} ${name}${rest}`;
}

module.exports = { commandLine, isClone };
