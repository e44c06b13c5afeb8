import { existsSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { inProject } from '../../src/files/paths';

const { dependencies, name } = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
const own = new Set([name, ...Object.keys(dependencies)]);

const packageOf = (specifier: string): string =>
  specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Whether cells may import it from Tandem if their folder has no package of that name. */
export const isOwnPackage = (specifier: string): boolean => own.has(packageOf(specifier));

/**
 * Whether Node could find a module: for a package, whether a folder where Node would look has it.
 * Most versions of Node remember a missing package for good, even if it has been installed since.
 */
export function mayBeThere(specifier: string, importer: string): boolean {
  if (/^[./#]/.test(specifier) || isBuiltin(specifier)) return true;
  return createRequire(importer)
    .resolve.paths(specifier)!
    .some((folder) =>
      ['', '.js', '.json', '.node'].some((extension) =>
        existsSync(join(folder, packageOf(specifier) + extension)),
      ),
    );
}

/** The error that Node would throw. */
export const missing = (specifier: string): Error =>
  Object.assign(new Error(`Cannot find module '${specifier}'`), { code: 'MODULE_NOT_FOUND' });
