import { inProject } from '../files/paths';

/** How one of our commands is called here: `npm run report -- 05` in a clone, `npx tandem report 05` in a project. */
export const { commandLine }: { commandLine(name: string, args?: string): string } = require(
  inProject('src/command/invocation.js'),
);
