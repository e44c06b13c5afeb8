import { existsSync } from 'node:fs';
import { inProject } from '../files/paths';

/** An installed package has no TypeScript to build. */
const isClone = existsSync(inProject('tsconfig.json'));

/** How one of our commands is called here: `npm run report -- 05` in a clone, `npx tandem report 05` in a project. */
export function commandLine(name: string, args = ''): string {
  const [start, rest] = isClone
    ? ['npm run', args && ` -- ${args}`]
    : ['npx tandem', args && ` ${args}`];
  return `${start} ${name}${rest}`;
}
