import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { inProject, workplace } from '../../files/paths';

const npmPackages = { 'tfjs-node': '@tensorflow/tfjs-node', TypeScript: 'typescript-6' };
const pythonPackages = { PyTorch: 'torch', TensorFlow: 'tensorflow_cpu', nbconvert: 'nbconvert' };

/** The installed versions of everything that affects results, under their common names. */
export function installedVersions(): Record<string, string> {
  const python = pythonDistributions();
  const pick = (names: Record<string, string>, version: (name: string) => string | undefined) =>
    Object.entries(names).flatMap(([title, name]) => {
      const found = version(name);
      return found ? [[title, found]] : [];
    });
  return Object.fromEntries([
    ['Tandem', manifestVersion('package.json')],
    ...pick(pythonPackages, (name) => python.get(name)),
    ...pick(npmPackages, (name) => manifestVersion('node_modules', name, 'package.json')),
    ['Node.js', process.versions.node],
  ]);
}

const manifestVersion = (...path: string[]): string =>
  JSON.parse(readFileSync(inProject(...path), 'utf8')).version;

/** Names and versions of the distributions in .venv, read from their folders' names. */
const pythonDistributions = (): Map<string, string> => {
  const library = inProject('.venv', 'lib');
  const found = new Map<string, string>();
  for (const python of readdirSync(library)) {
    const own = `${library}/${python}/site-packages`;
    // A person's own PyTorch is in another environment.
    const link = `${own}/tandem-torch.pth`;
    const other = existsSync(link) ? [readFileSync(link, 'utf8').trim()] : [];
    for (const folder of [...other, own].flatMap((place) => readdirSync(place))) {
      const [, name, version] = /^(.+)-([^-]+)\.dist-info$/.exec(folder) ?? [];
      if (name && version) found.set(name, version);
    }
  }
  return found;
};

/** The sources' short commit, with `+` if files have changed since; undefined outside git. */
export function sourceCommit(): string | undefined {
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: workplace,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? '+' : '');
  } catch {
    return undefined;
  }
}
