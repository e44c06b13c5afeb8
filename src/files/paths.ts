import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project's root: the nearest folder above this file whose package.json is Tandem's. */
export const projectRoot: string = (() => {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'tandem') {
      return folder;
    }
  }
  throw new Error(
    `No Tandem project above ${__dirname}. If the program is bundled, leave tandem out of the bundle (esbuild --external:tandem, webpack externals): its addon is a file of its own`,
  );
})();

/** A path inside the project. */
export const inProject = (...parts: string[]): string => join(projectRoot, ...parts);

/** The folder whose notebooks run, and that reports go to: a person's project, or the clone. */
export const workplace: string = process.env.TANDEM_PROJECT ?? projectRoot;

const builds = ['dist', 'src/torch/dist'].map((folder) => join(projectRoot, folder, '/'));

/** Whether a file belongs to what the TypeScript build makes. */
export const isBuilt = (path: string): boolean => builds.some((folder) => path.startsWith(folder));
